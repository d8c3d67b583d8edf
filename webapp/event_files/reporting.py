"""Reports of an event's pictures and files."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import NotFound

from ..core.extensions import db
from ..events import access
from ..events.models import Event
from ..moderation.reportable_types import Reportable, paragraphs, reportable
from . import uploads
from .models import EventFile


def register() -> None:
    """Let people report pictures and files."""
    reportable(_file())


def _load_file(user: Any, file_id: UUID) -> EventFile:
    file = _find_file(file_id)
    if (
        file is None
        or not access.may_see(user, file.event)
        or not uploads.may_see(user, file.event)
    ):
        raise NotFound()
    if file.hidden_at is not None and not uploads.may_change(user, file):
        raise NotFound()
    return file


def _find_file(file_id: UUID) -> EventFile | None:
    query = (
        sa.select(EventFile)
        .join(EventFile.event)
        .where(EventFile.id == file_id, Event.deleted_at.is_(None))
    )
    return db.session.scalar(query)


def _file() -> Reportable:
    return Reportable(
        name="file",
        title=_l("A picture or a file"),
        icon="upload",
        load=_load_file,
        find=_find_file,
        label=lambda file: file.caption or file.name,
        url=lambda file: file.path,
        group=lambda file: file.event.group,
        author=lambda file: file.by,
        excerpt=lambda file: paragraphs(file.name, file.caption, file.alt),
        hide=lambda file, by, reason: uploads.hide(file, by),
        unhide=uploads.unhide,
        is_hidden=lambda file: file.hidden_at is not None,
        around=lambda file, user: [("calendar", _("Event"), file.event.title)],
    )
