"""A group's planned events for its managers: drafts, coming events with answers, and outsiders."""

from typing import Any

import sqlalchemy as sa

from ...core.extensions import db
from ...core.time import clock
from ...groups.models import OPEN, Group
from ...groups.reads import LATELY
from ..access import hosted_by, named_by
from ..audience import is_outsider
from ..list_rows import EventRow, counted_row, varied
from ..models import (
    CANCELLED,
    DRAFT,
    GROUP,
    PUBLISHED,
    RESTORABLE,
    SEATED_OR_WAITING,
    Event,
    Rsvp,
    to_come,
)

MOST = 50


def drafts_waiting(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """The number of the group's drafts, as a part of another statement."""
    return _of(group, sa.func.count(Event.id), Event.state == DRAFT)


def recent_event_count(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """The number of the group's events that ended in the last month, as a part of another
    statement.
    """
    return _of(group, sa.func.count(Event.id), *_held_lately())


def recent_attendee_count(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """The number of people who were going to those events."""
    seats = sa.cast(sa.func.sum(Event.going_count), sa.Integer)
    return _of(group, seats, *_held_lately())


def _held_lately() -> tuple[sa.ColumnElement[bool], ...]:
    now = clock.now()
    return Event.state == PUBLISHED, Event.ends_at <= now, Event.starts_at > now - LATELY


def _of(group: Group, what: Any, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    of_group = (Event.group_id == group.id, Event.deleted_at.is_(None))
    return sa.select(what).where(*of_group, *conditions).scalar_subquery()


def planned_in(group: Group, limit: int = MOST) -> tuple[list[EventRow], list[EventRow]]:
    """Return the group's drafts and its coming events, soonest first, as lines with answers.

    One statement.
    """
    now = clock.now()
    query = sa.select(Event).where(Event.group_id == group.id, Event.deleted_at.is_(None))
    query = query.where(
        sa.or_(Event.state == DRAFT, sa.and_(Event.state != CANCELLED, to_come(now)))
    )
    found = db.session.scalars(query.order_by(Event.starts_at, Event.id).limit(limit)).all()
    drafts = [counted_row(event) for event in found if event.state == DRAFT]
    others = [counted_row(event) for event in found if event.state != DRAFT]
    return varied(drafts), varied(others)


def deleted_in(group: Group) -> list[Any]:
    """Return the group's deleted events that can be restored, latest first: title, slug,
    deleted_at.
    """
    return _deleted(Event.group_id == group.id)


def deleted_by(user: Any) -> list[Any]:
    """Return the same for events that `user` hosts, except in deleted groups."""
    living = sa.select(Group.id).where(Group.deleted_at.is_(None))
    return _deleted(sa.or_(Event.group_id.is_(None), Event.group_id.in_(living)), hosted_by(user))


def _deleted(*which: sa.ColumnElement[bool]) -> list[Any]:
    query = sa.select(Event.title, Event.slug, Event.deleted_at).where(
        Event.deleted_at > clock.now() - RESTORABLE, *which
    )
    return list(db.session.execute(query.order_by(Event.deleted_at.desc(), Event.id).limit(MOST)))


def lost_by_leaving(group: Group, user: Any) -> list[Any]:
    """Return the coming events at which `user` loses their answer by leaving the group, soonest
    first.

    Columns: title, slug, start, zone and state of the answer.
    """
    inside = sa.true() if group.visibility != OPEN else Event.audience == GROUP
    query = sa.select(Event.title, Event.slug, Event.starts_at, Event.zone, Rsvp.state).join(
        Rsvp, Rsvp.event_id == Event.id
    )
    query = query.where(
        Event.group_id == group.id,
        Event.deleted_at.is_(None),
        Event.starts_at > clock.now(),
        inside,
    )
    query = query.where(
        Rsvp.user_id == user.id,
        Rsvp.state.in_(SEATED_OR_WAITING),
        Event.id.not_in(named_by(user)),
    )
    return list(db.session.execute(query.order_by(Event.starts_at, Event.id)))


def outsiders_of(event: Event) -> int:
    """Return how many outsiders answered the event and would lose their answer if it became
    members-only.
    """
    return _outsiders(Event.id == event.id)


def outsiders_at(group: Group) -> int:
    """Return how many outsiders answered coming events of the group and would lose their answers if
    it closed.
    """
    return _outsiders(
        Event.group_id == group.id, Event.starts_at > clock.now(), Event.deleted_at.is_(None)
    )


def _outsiders(*which: sa.ColumnElement[bool]) -> int:
    people = sa.func.coalesce(Rsvp.user_id, Rsvp.guest_id)
    counted = (
        sa.select(sa.func.count(sa.distinct(people)))
        .select_from(Rsvp)
        .join(Event, Event.id == Rsvp.event_id)
    )
    return db.session.scalar(counted.where(*which, is_outsider())) or 0
