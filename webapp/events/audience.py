"""Whom an event's news reaches: its group, those who answered, those from outside, its hosts."""

import uuid

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..groups import reads as group_reads
from ..groups.models import Ban, Membership
from . import access
from .models import NOT_GOING, Event, EventHost, Guest, Rsvp


def members_to_tell(event: Event) -> list[User]:
    """The active members of the event's group."""
    chosen = sa.select(User).join(Membership, Membership.user_id == User.id)
    return list(db.session.scalars(chosen.where(Membership.group_id == event.group_id, User.deactivated_at.is_(None))))


def people_who_answered(event_id: uuid.UUID) -> list[User | Guest]:
    """Everyone who is going, may come, or waits: people with an account, then guests."""
    answered = (Rsvp.event_id == event_id, Rsvp.state != NOT_GOING)
    people = sa.select(User).join(Rsvp, Rsvp.user_id == User.id).where(*answered, User.deactivated_at.is_(None))
    guests = sa.select(Guest).join(Rsvp, Rsvp.guest_id == Guest.id).where(*answered)
    return [*db.session.scalars(people), *db.session.scalars(guests)]


def how_many_answered(event: Event) -> int:
    """How many people are going, may come, or wait: so many hear of what becomes of the event."""
    answered = sa.select(sa.func.count()).select_from(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state != NOT_GOING)
    return db.session.scalar(answered) or 0


def is_outsider() -> sa.ColumnElement[bool]:
    """The condition on Rsvp, joined with its Event, for answers from outside the event's group: its named hosts give none."""
    members = sa.exists().where(Membership.group_id == Event.group_id, Membership.user_id == Rsvp.user_id)
    hosts = sa.exists().where(EventHost.event_id == Event.id, EventHost.user_id == Rsvp.user_id)
    return sa.and_(Event.group_id.is_not(None), Rsvp.state != NOT_GOING, ~members, ~hosts)


def hosts_of(event: Event) -> list[User]:
    """The owner and the named hosts who still run it, each once; where none does, those who lead its group."""
    people = {person.id: person for person in (event.owner, *(host.user for host in event.hosts)) if person.is_active}
    if event.group is None:
        return list(people.values())
    members = sa.select(Membership.user_id, sa.true()).where(Membership.group_id == event.group_id)
    banned = sa.select(Ban.user_id, sa.false()).where(Ban.group_id == event.group_id)
    asked = members.where(Membership.user_id.in_(people)).union_all(banned.where(Ban.user_id.in_(people)))
    belongs: dict[uuid.UUID, bool] = {user_id: bool(is_member) for user_id, is_member in db.session.execute(asked)}
    named = {host.user_id for host in event.hosts}
    hosts = [person for person in people.values() if belongs.get(person.id, person.id in named)]
    return hosts or group_reads.members(event.group, *access.LEADING)
