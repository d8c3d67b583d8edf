"""Planning: an event is drafted, published, changed, cancelled, put away and brought back."""

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from flask_babel import gettext as _

from ..accounts.models import User
from ..core import audit, clock, times
from ..core.database import locked, new_id
from ..core.errors import Conflict, RuleBroken
from ..core.extensions import db
from ..core.slugs import free_slug
from ..groups import access as group_access
from ..groups.models import Group
from . import leaving, notices, pictures, queue
from .audience import members_to_tell, people_who_answered
from .models import CANCELLED, DRAFT, GROUP, PUBLISHED, Event, Guest
from .plan import COPIED, Plan, write

Person = TypeVar("Person", User, User | Guest)
RESTORABLE = timedelta(days=30)


def create(plan: Plan, by: User, group: Group | None = None, id: UUID | None = None) -> Event:
    """A draft of `by`'s, in the group or on its own, under this id where one is given; only hosts see it."""
    if group is not None and not group_access.can(by, "group:create_event", group):
        raise RuleBroken(_("Your role in %(group)s does not let you plan its events.", group=group.name))
    slug = free_slug(Event.slug, plan.title, "event")
    event = Event(id=id or new_id(), owner_id=by.id, group_id=group.id if group else None, slug=slug, state=DRAFT)
    event.group = group
    write(event, plan)
    db.session.add(event)
    db.session.flush()
    return event


def update(event: Event, plan: Plan, by: User, version: int, tell_people: bool = True) -> Event:
    """The event is as `plan` says; those who answered hear of another time or place, once, unless `tell_people` is false.

    Those from outside its group who answered lose their place, and hear of it, when it is for the group alone from now on.
    Raises Conflict when somebody else has changed it since `version`.
    """
    event = _changeable(event)
    if event.version != version:
        raise Conflict(_("Somebody else has changed this event since you opened it. Look at it again, then change it."))
    before = (event.starts_at, event.ends_at, event.place, event.online_url)
    seats_before = (event.capacity, event.promotion, event.deadline)
    was_open = event.audience != GROUP
    write(event, plan)
    event.version += 1
    if was_open and event.audience == GROUP:
        leaving.outsiders_go(event)
    if event.is_published and seats_before != (event.capacity, event.promotion, event.deadline):
        queue.capacity_changed(event)
    moved = before != (event.starts_at, event.ends_at, event.place, event.online_url)
    if moved and tell_people and event.is_published:
        notices.moved(event, _but(by, people_who_answered(event.id)))
    notices.planned(event)
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
        notices.published(event, _but(by, members_to_tell(event)), by)
    audit.record("event.published", by=by, subject=event)
    notices.planned(event)


def cancel(event: Event, by: User, reason: str) -> None:
    """It will not take place; everyone who answered hears why."""
    event = _changeable(event)
    if event.state != PUBLISHED:
        raise RuleBroken(_("Only a published event can be cancelled."))
    if event.is_finished:
        raise RuleBroken(_("This event is over: there is nothing left to cancel."))
    event.state, event.cancelled_reason = CANCELLED, reason
    event.version += 1
    notices.cancelled(event, _but(by, people_who_answered(event.id)))
    audit.record("event.cancelled", by=by, subject=event)
    notices.planned(event)


def lock(event: Event, by: User) -> None:
    """Nothing about the event changes any more, answers neither."""
    event = _changeable(event)
    event.locked_at = clock.now()
    audit.record("event.locked", by=by, subject=event)
    notices.planned(event)


def unlock(event: Event, by: User) -> None:
    """The event and its answers may change again."""
    event = locked(Event, event.id)
    event.locked_at = None
    queue.capacity_changed(event)
    audit.record("event.unlocked", by=by, subject=event)
    notices.planned(event)


def duplicate(event: Event, by: User) -> Event:
    """A new draft with everything but the answers and the hosts, a week later by the wall clock."""
    week = timedelta(days=7)
    until = times.wall(event.answers_until, event.zone) + week if event.answers_until else None
    plan = Plan(
        **{name: getattr(event, name) for name in COPIED},
        starts=event.starts_wall + week,
        ends=event.ends_wall + week,
        answers_until=until,
        starts_fold=0,
        ends_fold=0,
    )
    made = create(plan, by, event.group)
    pictures.copy(event, made)
    return made


def delete(event: Event, by: User) -> None:
    """Nobody sees it any more; its hosts may bring it back for 30 days. People are told as of a cancellation before that."""
    event = locked(Event, event.id)
    if event.is_published and not event.is_finished and event.seats_taken + event.waiting_count > 0:
        raise RuleBroken(_("People have answered. Cancel the event first, so that they hear of it."))
    event.deleted_at = clock.now()
    audit.record("event.deleted", by=by, subject=event)
    notices.planned(event)


def restore(event: Event, by: User) -> None:
    """It is back as it was. Raises RuleBroken after 30 days."""
    event = locked(Event, event.id)
    if event.deleted_at is None or clock.now() > restorable_until(event):
        raise RuleBroken(_("This event can no longer be brought back."))
    event.deleted_at = None
    audit.record("event.restored", by=by, subject=event)
    notices.planned(event)


def restorable_until(event: Event) -> datetime:
    """Until when a deleted event may be brought back."""
    return (event.deleted_at or clock.now()) + RESTORABLE


def _changeable(event: Event) -> Event:
    """The event under its lock. Raises RuleBroken when it can no longer change."""
    event = locked(Event, event.id)
    if event.locked_at is not None:
        raise RuleBroken(_("This event is locked: nothing about it changes any more."))
    if event.is_cancelled:
        raise RuleBroken(_("This event was cancelled."))
    return event


def _but(by: User, people: list[Person]) -> list[Person]:
    return [person for person in people if person.id != by.id]
