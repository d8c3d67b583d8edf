"""Planning: an event is drafted, published, changed, cancelled, put away and brought back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import audit, clock, ids, live, times
from ..core.database import locked
from ..core.errors import Conflict, RuleBroken
from ..core.extensions import db
from ..core.text import folded, slugify
from ..groups import access as group_access
from ..groups.models import OPEN, Group
from ..notifications.telling import tell
from . import queue
from .audience import members_to_tell, people_who_answered
from .models import CANCELLED, DRAFT, EVERYONE, GROUP, PUBLISHED, Event

RESERVED = {"new"}
LONGEST = timedelta(days=60)
RESTORABLE = timedelta(days=30)


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


def create(plan: Plan, by: User, group: Group | None = None) -> Event:
    """A draft of `by`'s, in the group or on its own; only hosts see it."""
    if group is not None and not group_access.can(by, "group:create_event", group):
        raise RuleBroken(_("Only organizers of %(group)s plan its events.", group=group.name))
    event = Event(owner_id=by.id, group_id=group.id if group else None, slug=_free_slug(plan.title), state=DRAFT)
    event.group = group
    _write(event, plan)
    db.session.add(event)
    db.session.flush()
    return event


def update(event: Event, plan: Plan, by: User, version: int, tell_people: bool = True) -> Event:
    """The event is as `plan` says; those who answered hear of another time or place, once, unless `tell_people` is false.

    Raises Conflict when somebody else has changed it since `version`.
    """
    event = _changeable(event)
    if event.version != version:
        raise Conflict(_("Somebody else has changed this event since you opened it. Look at it again, then change it."))
    before = (event.starts_at, event.ends_at, event.place, event.online_url)
    seats_before = event.capacity
    _write(event, plan)
    event.version += 1
    if event.capacity != seats_before:
        queue.capacity_changed(event)
    moved = before != (event.starts_at, event.ends_at, event.place, event.online_url)
    if moved and tell_people and event.is_published:
        _tell_of_change(event, by)
    live.signal(f"event:{event.id}")
    return event


def publish(event: Event, by: User) -> None:
    """People may see and answer it; the group's members hear of it, the first time only."""
    event = _changeable(event)
    if event.state != DRAFT:
        raise RuleBroken(_("This event is published already."))
    if event.starts_at <= clock.now():
        raise RuleBroken(_("It would begin in the past. Give it a later start first."), field="starts")
    event.state = PUBLISHED
    event.version += 1
    if event.published_at is None:
        event.published_at = clock.now()
        _tell_of_publishing(event, by)
    audit.record("event.published", by=by, subject=event)
    live.signal(f"event:{event.id}")


def cancel(event: Event, by: User, reason: str) -> None:
    """It will not take place; everyone who answered hears why."""
    event = _changeable(event)
    if event.state != PUBLISHED:
        raise RuleBroken(_("Only a published event can be cancelled."))
    if event.is_finished:
        raise RuleBroken(_("This event is over: there is nothing left to cancel."))
    event.state, event.cancelled_reason = CANCELLED, reason
    event.version += 1
    label = _("%(event)s was cancelled: %(reason)s", event=event.title, reason=reason or _("no reason given"))
    _tell(event, people_who_answered(event.id), by, "event.cancelled", label, "events/cancelled")
    audit.record("event.cancelled", by=by, subject=event)
    live.signal(f"event:{event.id}")


def lock(event: Event, by: User) -> None:
    """Nothing about the event changes any more, answers neither."""
    event = _changeable(event)
    event.locked_at = clock.now()
    audit.record("event.locked", by=by, subject=event)
    live.signal(f"event:{event.id}")


def unlock(event: Event, by: User) -> None:
    """The event and its answers may change again."""
    event = locked(Event, event.id)
    event.locked_at = None
    audit.record("event.unlocked", by=by, subject=event)
    live.signal(f"event:{event.id}")


def duplicate(event: Event, by: User) -> Event:
    """A new draft with everything but the answers, a week later by the wall clock."""
    week = timedelta(days=7)
    until = times.wall(event.answers_until, event.zone) + week if event.answers_until else None
    plan = Plan(
        **{name: getattr(event, name) for name in _COPIED},
        starts=event.starts_wall + week,
        ends=event.ends_wall + week,
        answers_until=until,
        starts_fold=0,
        ends_fold=0,
    )
    return create(plan, by, event.group)


def delete(event: Event, by: User) -> None:
    """Nobody sees it any more; its hosts may bring it back for 30 days. People are told as of a cancellation before that."""
    event = locked(Event, event.id)
    if event.is_published and not event.is_finished and event.seats_taken + event.waiting_count > 0:
        raise RuleBroken(_("People have answered. Cancel the event first, so that they hear of it."))
    event.deleted_at = clock.now()
    audit.record("event.deleted", by=by, subject=event)
    live.signal(f"event:{event.id}")


def restore(event: Event, by: User) -> None:
    """It is back as it was. Raises RuleBroken after 30 days."""
    event = locked(Event, event.id)
    if event.deleted_at is None or clock.now() - event.deleted_at > RESTORABLE:
        raise RuleBroken(_("This event can no longer be brought back."))
    event.deleted_at = None
    audit.record("event.restored", by=by, subject=event)


_COPIED = ("title", "zone", "summary", "description", "place", "online_url", "audience", "capacity", "companions", "promotion", "shows_people")


def _changeable(event: Event) -> Event:
    """The event under its lock. Raises RuleBroken when it can no longer change."""
    event = locked(Event, event.id)
    if event.locked_at is not None:
        raise RuleBroken(_("This event is locked: nothing about it changes any more."))
    if event.is_cancelled:
        raise RuleBroken(_("This event was cancelled."))
    return event


def _write(event: Event, plan: Plan) -> None:
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
    for name in _COPIED:
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


def _free_slug(title: str) -> str:
    """An address from the title; with a suffix where it is taken, which says nothing about by what."""
    slug = slugify(title, fallback="event")
    taken = db.session.scalar(sa.select(sa.literal(1)).where(Event.slug == slug))
    return f"{slug}-{ids.suffix()}" if taken or slug in RESERVED else slug


def _tell_of_publishing(event: Event, by: User) -> None:
    if event.group is None:
        return
    label = _("%(group)s: %(event)s", group=event.group.name, event=event.title)
    _tell(event, members_to_tell(event), by, "event.published", label, "events/published")


def _tell_of_change(event: Event, by: User) -> None:
    label = _("%(event)s has a new time or place.", event=event.title)
    _tell(event, people_who_answered(event.id), by, "event.changed", label, "events/changed")


def _tell(event: Event, people: list[User], by: User, kind: str, label: str, letter: str) -> None:
    others: list[Any] = [person for person in people if person.id != by.id]
    tell(others, kind, label, f"/events/{event.slug}", scope=f"event:{event.id}", letter=letter, event=event.id)


