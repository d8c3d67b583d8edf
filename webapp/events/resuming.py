"""A cancellation is undone until the event starts."""

from ..accounts.models import User
from ..core import audit, clock, hooks
from ..core.database import locked
from ..core.errors import RuleBroken
from . import news, notices, planning
from .models import PUBLISHED, Event
from .models import news as kinds
from .standing import unresumable_because


def resume(event: Event, by: User) -> bool:
    """It takes place after all, with its seats and its waiting list as they were; everyone who
    answered hears so.

    False when it is not cancelled. Raises RuleBroken from its start on.
    """
    event = locked(Event, event.id)
    if not event.is_cancelled:
        return False
    planning.require_there(event)
    refusal = unresumable_because(event)
    if refusal:
        raise RuleBroken(refusal)
    event.state, event.cancelled_reason = PUBLISHED, ""
    event.version += 1
    event.timed_at = (
        clock.now()
    )  # who is told that it takes place needs no reminder that was due before
    news.end(event, kinds.CANCELLED)
    news.ask(event, kinds.RESUMED, by)
    news.ask_again_of_change(event, by)
    hooks.event_resumed(event=event)
    audit.record("event.resumed", by=by, subject=event)
    notices.planned(event)
    return True
