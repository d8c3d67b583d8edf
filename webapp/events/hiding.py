"""Moderators take an event out of sight of all but its hosts and those who moderate its group. What was answered stays."""

from ..accounts.models import User
from ..core import audit, clock
from ..core.database import locked
from . import notices, queue
from .models import Event


def hide(event: Event, by: User) -> None:
    """The event is out of every list and has no page for others; nobody answers meanwhile, and nobody moves up."""
    event = locked(Event, event.id)
    event.hidden_at = event.hidden_at or clock.now()
    audit.record("event.hidden", by=by, subject=event)
    notices.planned(event)


def unhide(event: Event, by: User) -> None:
    """The event is back as it was, and free seats go to those who wait."""
    event = locked(Event, event.id)
    event.hidden_at = None
    queue.capacity_changed(event)
    audit.record("event.shown", by=by, subject=event)
    notices.planned(event)
