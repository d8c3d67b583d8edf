"""Moderators take an event out of sight of all but its hosts and those who moderate its group. What was answered stays, and
those who answered are told."""

from ..accounts.models import User
from ..core import audit, clock
from ..core.database import locked
from ..groups import access as group_access
from ..groups import reads as group_reads
from . import audience, notices, queue
from .models import PUBLISHED, Event, Guest


def hide(event: Event, by: User) -> None:
    """The event is out of every list and has no page for others; nobody answers meanwhile, and nobody moves up."""
    event = locked(Event, event.id)
    if event.hidden_at is None:
        event.hidden_at = clock.now()
        notices.hidden(event, _who_come(event))
    audit.record("event.hidden", by=by, subject=event)
    notices.planned(event)


def unhide(event: Event, by: User) -> None:
    """The event is back as it was, and free seats go to those who wait."""
    event = locked(Event, event.id)
    if event.hidden_at is not None:
        event.hidden_at = None
        notices.shown(event, _who_come(event))
    queue.capacity_changed(event)
    audit.record("event.shown", by=by, subject=event)
    notices.planned(event)


def _who_come(event: Event) -> list[User | Guest]:
    """Those who answered an event that is still to take place, but for whoever sees it also while it is hidden."""
    if event.state != PUBLISHED or event.is_finished:
        return []
    see = audience.hosts_of(event)
    if event.group is not None:
        see += group_reads.members(event.group, *group_access.ACTIONS["group:moderate"])
    return [person for person in audience.people_who_answered(event.id) if person.id not in {one.id for one in see}]
