"""What a host decides about an event, and how it becomes the event's own: wall times turn into moments."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from ..core import times
from ..core.errors import RuleBroken
from ..core.text import folded
from ..groups.models import OPEN
from .models import EVERYONE, GROUP, LONGEST, Event

COPIED = (
    "title",
    "zone",
    "summary",
    "description",
    "place",
    "online_url",
    "audience",
    "capacity",
    "companions",
    "promotion",
    "shows_people",
)


@dataclass
class Plan:
    """What a host decides about an event, as entered: wall times, with the zone beside them.

    `starts_fold` and `ends_fold` say which of two moments is meant where the clocks pass a wall time twice.
    """

    title: str
    zone: str
    starts: datetime
    ends: datetime
    summary: str = ""
    description: str = ""
    place: str = ""
    online_url: str = ""
    audience: str = EVERYONE
    capacity: int | None = None
    companions: int = 0
    promotion: str = "automatic"
    shows_people: bool = True
    answers_until: datetime | None = None
    starts_fold: int | None = None
    ends_fold: int | None = None


def write(event: Event, plan: Plan) -> None:
    """The event is as `plan` says. Raises RuleBroken at the field that cannot be so, before anything is changed."""
    starts_at = _moment(plan.starts, plan.zone, plan.starts_fold, "starts")
    ends_at = _moment(plan.ends, plan.zone, plan.ends_fold, "ends")
    if ends_at <= starts_at:
        raise RuleBroken(_("The end must come after the start."), field="ends")
    if ends_at - starts_at > LONGEST:
        raise RuleBroken(_("An event can last at most 60 days."), field="ends")
    until = _moment(plan.answers_until, plan.zone, 0, "answers_until") if plan.answers_until else None
    if until is not None and until > starts_at:
        raise RuleBroken(_("Answers can be given at latest until the start."), field="answers_until")
    if event.group is None and plan.audience == GROUP:
        raise RuleBroken(_("This event belongs to no group: choose everyone, or whoever has the link."), field="audience")
    if event.group is not None and event.group.visibility != OPEN and plan.audience != GROUP:
        raise RuleBroken(_("%(group)s is not open: its events are for its members.", group=event.group.name), field="audience")
    for name in COPIED:
        setattr(event, name, getattr(plan, name))
    event.starts_wall, event.ends_wall = plan.starts, plan.ends
    event.starts_at, event.ends_at, event.answers_until = starts_at, ends_at, until
    event.search_text = folded(" ".join((plan.title, plan.summary, plan.place, event.group.name if event.group else "")))


def _moment(wall: datetime, zone: str, fold: int | None, field: str) -> datetime:
    try:
        return times.to_utc(wall, zone, fold)
    except times.Skipped as skipped:
        early, late = (f"{near:%H:%M}" for near in skipped.nearest)
        raise RuleBroken(
            _(
                "%(time)s does not exist on that day in %(place)s: the clocks are moved. Did you mean %(early)s or %(late)s?",
                time=f"{wall:%H:%M}",
                place=times.place_of(zone),
                early=early,
                late=late,
            ),
            field=field,
        ) from None
    except times.Doubled:
        raise RuleBroken(
            _(
                "%(time)s happens twice on that day in %(place)s: the clocks are put back. Choose which one you mean.",
                time=f"{wall:%H:%M}",
                place=times.place_of(zone),
            ),
            field=f"{field}_fold",
        ) from None
