"""Shared by the rules of sessions, rooms, tracks and speakers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.session import one_or_404
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.text.typed import same_words
from ..events.models import Event
from . import notices


def find(model: type[Any], event: Event, id: UUID) -> Any:
    """Return the event's row with this id. Raises NotFound."""
    return one_or_404(sa.select(model).where(model.id == id, model.event_id == event.id))


def refuse_duplicate(others: Sequence[Any], name: str, field: str = "name") -> None:
    """Raises UserError if one of the others has this name."""
    if any(same_words(one.name) == same_words(name) for one in others):
        raise UserError(_("“%(name)s” already exists. Choose another name.", name=name), field)


def record_change(event: Event, row: Any, by: User) -> Any:
    """Record the change in the audit log, and signal open pages of the agenda. Return `row`."""
    db.session.flush()
    audit.record("event.agenda_changed", by=by, subject=event)
    notices.agenda_changed(event)
    return row
