"""Moderators take an event out of sight of all but its hosts and those who moderate its group. What
was answered stays, and those who answered are told."""

from ..accounts.models import User
from ..core import audit, clock, hooks
from ..core.database import locked
from . import news, notices
from .models import Event
from .models import news as kinds


def hide(event: Event, by: User) -> None:
    """The event is out of every list and has no page for others; nobody answers meanwhile, and
    nobody moves up.
    """
    event = locked(Event, event.id)
    if event.hidden_at is None:
        event.hidden_at = clock.now()
        _tell(event, kinds.HIDDEN)
    audit.record("event.hidden", by=by, subject=event)
    notices.planned(event)


def unhide(event: Event, by: User) -> None:
    """The event is back as it was, and free seats go to those who wait."""
    event = locked(Event, event.id)
    if event.hidden_at is not None:
        event.hidden_at = None
        _tell(event, kinds.SHOWN)
    hooks.event_reopened(event=event, new_seats=True)
    audit.record("event.shown", by=by, subject=event)
    notices.planned(event)


def _tell(event: Event, kind: str) -> None:
    """Those who answered hear of it, where it is still to take place."""
    if event.is_published and not event.is_finished:
        news.ask(event, kind)
