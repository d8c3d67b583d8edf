"""Shared by the pages of an event's pictures and files: who may see them, who may upload, and file
sizes as text.
"""

from typing import Any

from babel.numbers import format_decimal
from flask import abort, make_response
from flask_babel import gettext as _
from flask_login import current_user

from ...attendance import rsvps
from ...core import i18n
from ...core.http.permissions import to_sign_in
from ...core.http.uploads import MEGABYTE
from ...events import access
from ...events.models import Event
from .. import uploads
from ..models import BY_PEOPLE


def event_with_files(user: Any, _action: str, slug: str) -> Event:
    """Return the event with this slug if the reader may see its files; visitors who may not are
    redirected to sign in. Raises NotFound if they may not see the event, and Forbidden.
    """
    event = access.event_for(user, slug)
    if not uploads.may_see(user, event):
        abort(403 if user.is_authenticated else make_response(to_sign_in()))
    return event


def event_to_add_to(user: Any, _action: str, slug: str) -> Event:
    """Return the event with this slug if the reader may upload to it.
    Raises NotFound and Forbidden.
    """
    event = access.event_for(user, slug)
    if not may_add(event):
        abort(403)
    return event


def may_add(event: Event) -> bool:
    """Whether the reader may upload pictures and files. Loads their answer only if needed."""
    if uploads.can_add(current_user, event):
        return True
    asks = event.file_uploaders == BY_PEOPLE and current_user.id is not None
    return asks and uploads.can_add(current_user, event, rsvps.of(event, current_user))


def size_in_words(size: int) -> str:
    """Return a number of bytes as text, in kB or MB."""
    if size < MEGABYTE:
        return _("%(number)s kB", number=max(1, round(size / 1000)))
    return _(
        "%(number)s MB", number=format_decimal(round(size / MEGABYTE, 1), locale=i18n.locale_code())
    )
