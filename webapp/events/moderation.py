"""Reports about events: what moderators see, and what hiding does."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import NotFound

from ..accounts.models import User
from ..core import hooks
from ..core.db.session import locked
from ..core.extensions import db
from ..core.observability import audit
from ..core.text.strings import listed
from ..core.time import clock
from ..moderation.reportable_types import Around, Reportable, paragraphs, reportable
from . import access, change_notices, date_format, notices
from .audience import hosts_of
from .models import DRAFT, Event, change_notice as kinds
from .models.event import HOST_TEXTS


def hide(event: Event, by: User) -> None:
    """Hide the event from lists and other people; answers and the waiting list pause."""
    event = locked(Event, event.id)
    if event.hidden_at is None:
        event.hidden_at = clock.now()
        _notify(event, kinds.HIDDEN)
    audit.record("event.hidden", by=by, subject=event)
    notices.signal_details(event)


def unhide(event: Event, by: User) -> None:
    """Show the event again, and give free seats to the waiting list."""
    event = locked(Event, event.id)
    if event.hidden_at is not None:
        event.hidden_at = None
        _notify(event, kinds.SHOWN)
    hooks.event_reopened(event=event, new_seats=True)
    audit.record("event.shown", by=by, subject=event)
    notices.signal_details(event)


def _notify(event: Event, kind: str) -> None:
    """Notify people who answered, if the event is still to come."""
    if event.is_published and not event.is_finished:
        change_notices.send(event, kind)


#: Further texts on an event's pages, by feature.
MORE_WORDS: dict[str, Callable[[Event], list[str]]] = {}
WORDS_OF_OTHERS: dict[str, Callable[[Event], dict[str, str]]] = {}


def _load(user: Any, event_id: UUID) -> Event:
    event = _find(event_id)
    if event is None or event.state == DRAFT or not access.may_see(user, event):
        raise NotFound()
    return event


def _find(event_id: UUID) -> Event | None:
    return db.session.scalar(
        sa.select(Event).where(Event.id == event_id, Event.deleted_at.is_(None))
    )


def _excerpt(event: Event) -> str:
    """All texts that people who see the event read: its own, its agenda's and its questions."""
    texts = [event.title, *(getattr(event, name) for name in HOST_TEXTS), event.cancelled_reason]
    texts += [text for words_of in MORE_WORDS.values() for text in words_of(event)]
    return paragraphs(*texts)


def _of_others(event: Event) -> dict[str, str]:
    """Texts by other people than its owner, by their ids."""
    return {
        id: text for words_of in WORDS_OF_OTHERS.values() for id, text in words_of(event).items()
    }


def _around(event: Event, user: Any) -> Around:
    hosts = listed(host.name for host in hosts_of(event))
    moment = ("calendar", _("When"), date_format.whole(event))
    where = [("place", _("Where"), event.venue)] if event.venue else []
    return [
        moment,
        *where,
        ("people", _("Hosts"), hosts),
        ("ticket", _("Seats taken"), str(event.seats_taken)),
    ]


def register() -> None:
    """Register events as reportable."""
    reportable(
        Reportable(
            name="event",
            title=_l("An event"),
            icon="calendar",
            load=_load,
            find=_find,
            label=lambda event: event.title,
            url=lambda event: event.path,
            group=lambda event: event.group,
            author=lambda event: event.owner,
            excerpt=_excerpt,
            of_others=_of_others,
            hide=lambda event, by, reason: hide(event, by),
            unhide=unhide,
            is_hidden=lambda event: event.hidden_at is not None,
            around=_around,
        ),
    )
