"""Another event like one that there is: a draft, a week later."""

from datetime import datetime, timedelta
from uuid import UUID

from ..accounts.models import User
from ..core import hooks
from ..core.time import time_zones
from ..groups.models import OPEN
from .event_input import COPIED, EventInput
from .models import GROUP, Event
from .planning import create


def duplicate(event: Event, by: User, id: UUID | None = None) -> Event:
    """A new draft with everything but the answers, a week later by the wall clock, where a skipped
    hour gives way.

    It is under this id where one is given.
    """
    until = time_zones.wall(event.rsvp_deadline, event.zone) if event.rsvp_deadline else None
    starts, ends = _both_later(event)
    plan = EventInput(
        **{name: getattr(event, name) for name in COPIED},
        starts=starts,
        ends=ends,
        rsvp_deadline=_week_later(until, event) if until else None,
        starts_fold=0,
        ends_fold=0,
    )
    if event.group is not None and event.group.visibility != OPEN:
        plan.audience = GROUP
    copy = create(plan, by, event.group, id)
    hooks.event_copied(event=event, copy=copy)
    return copy


def _both_later(event: Event) -> tuple[datetime, datetime]:
    """Both ends by the wall clock; where the clocks are put back in between, and the end would
    come first, it lasts as long.
    """
    starts = _week_later(event.starts_wall, event)
    ends = _week_later(event.ends_wall, event, starts - event.starts_wall)
    return starts, ends if starts < ends else starts + (event.ends_at - event.starts_at)


def _week_later(wall: datetime, event: Event, later: timedelta = timedelta(days=7)) -> datetime:
    return wall + later if event.is_all_day else time_zones.existing(wall + later, event.zone)
