"""A host's input for an event, and how it is stored: local times become moments, the title a slug.

Also what happens to events when the site's topics change.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.text import search
from ..core.text.slugs import free_slug, secret_slug
from ..core.time import time_zones
from ..core.time.time_zones import to_moment
from ..groups.models import OPEN, SECRET, Category, Group
from .models import EVERYONE, GROUP, LINK, LONGEST, NAMED, Event, EventSlug


@dataclass
class EventInput:
    """A host's input for an event, as entered: local times with their zone.

    `starts_fold` and `ends_fold` choose between two moments when a local time occurs twice. For
    all-day events `starts` is midnight before the first day, `ends` midnight after the last.
    """

    title: str
    zone: str
    starts: datetime
    ends: datetime
    summary: str = ""
    description: str = ""
    venue: str = ""
    directions: str = ""
    online_url: str = ""
    cover: str = ""
    category_id: UUID | None = None
    audience: str = EVERYONE
    capacity: int | None = None
    max_plus_ones: int = 0
    promotion: str = "automatic"
    shows_attendees: bool = True
    requires_approval: bool = False
    allows_guests: bool = True
    feedback: str = NAMED
    rsvp_deadline: datetime | None = None
    starts_fold: int | None = None
    ends_fold: int | None = None
    is_all_day: bool = False


_TIMES = {"starts", "ends", "starts_fold", "ends_fold", "rsvp_deadline"}
#: Columns that are copied as entered; only the times are computed.
COPIED = tuple(field.name for field in fields(EventInput) if field.name not in _TIMES)


def write(event: Event, plan: EventInput) -> None:
    """Apply the plan to the event.

    Raises UserError with the invalid field, before anything is changed.
    """
    starts_at, ends_at = _days(plan) if plan.is_all_day else _hours(plan)
    until = (
        to_moment(plan.rsvp_deadline, plan.zone, 0, "rsvp_deadline") if plan.rsvp_deadline else None
    )
    if until is not None and until > starts_at:
        raise UserError(_("The deadline can’t be later than the start."), field="rsvp_deadline")
    if event.group is None and plan.audience == GROUP:
        raise UserError(
            _("This event has no group. Choose everyone or link only."),
            field="audience",
        )
    if event.group is not None and event.group.visibility != OPEN and plan.audience != GROUP:
        raise UserError(
            _("%(group)s isn’t open, so its events are for members only.", group=event.group.name),
            field="audience",
        )
    for name in COPIED:
        setattr(event, name, getattr(plan, name))
    event.starts_wall, event.ends_wall = plan.starts, plan.ends
    event.starts_at, event.ends_at, event.rsvp_deadline = starts_at, ends_at, until
    renew_search_text(event)


def is_so(event: Event, plan: EventInput) -> bool:
    """Whether the event already matches the plan: then a form sent twice isn't a conflict."""
    until = time_zones.wall(event.rsvp_deadline, event.zone) if event.rsvp_deadline else None
    wall = (event.starts_wall, event.ends_wall, until) == (
        plan.starts,
        plan.ends,
        plan.rsvp_deadline,
    )
    return wall and all(getattr(event, name) == getattr(plan, name) for name in COPIED)


def _hours(plan: EventInput) -> tuple[datetime, datetime]:
    starts_at = to_moment(plan.starts, plan.zone, plan.starts_fold, "starts")
    ends_at = to_moment(plan.ends, plan.zone, plan.ends_fold, "ends")
    if ends_at <= starts_at:
        raise UserError(_("The end must be after the start."), field="ends")
    if ends_at - starts_at > LONGEST:
        raise UserError(_("An event can last up to 60 days."), field="ends")
    return starts_at, ends_at


def _days(plan: EventInput) -> tuple[datetime, datetime]:
    """All-day events begin at the start of the local day, so no midnight is invalid or
    ambiguous.
    """
    starts_at, ends_at = (
        time_zones.start_of_day(wall.date(), plan.zone) for wall in (plan.starts, plan.ends)
    )
    if ends_at <= starts_at:
        raise UserError(_("The last day can’t be before the first."), field="last_day")
    if plan.ends - plan.starts > LONGEST:
        raise UserError(_("An event can last up to 60 days."), field="last_day")
    return starts_at, ends_at


def renew_search_text(event: Event) -> None:
    """Update the event's search text from its own texts and its group's name."""
    group = event.group.name if event.group else ""
    event.search_text = search.search_text_of(
        event.title, f"{event.summary} {group}", place=event.venue
    )


def new_slug(title: str, audience: str, group: Group | None) -> str:
    """Return a slug that no event has or had; not guessable for link-only events and secret
    groups.
    """
    if audience == LINK or (group is not None and group.visibility == SECRET):
        return secret_slug(title, "event")
    return free_slug(Event.slug, title, "event", EventSlug.slug)


def renew_slug(event: Event) -> None:
    """Give the event a slug that can't be guessed.

    If others than hosts have seen the old slug, it redirects people who know of the event
    otherwise.
    """
    if event.published_at is not None:
        db.session.add(EventSlug(slug=event.slug, event_id=event.id))
    event.slug = secret_slug(event.title, "event")


def removed(topic: Category, into: Category | None) -> None:
    """Move events of a removed topic to the other one; without one, they take their group's
    topics.
    """
    theirs = sa.update(Event).where(Event.category_id == topic.id)
    db.session.execute(theirs.values(category_id=into.id if into is not None else None))
