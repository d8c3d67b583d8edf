"""Whom an event's news reaches: its group, those who answered, those from outside, its hosts."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from ..accounts.models import User
from ..core.extensions import db
from ..groups import reads as group_reads
from ..groups.models import Ban, Membership
from . import access
from .models import (
    ASKED,
    GOING,
    MAYBE,
    NOT_GOING,
    OFFERED,
    REFUSED,
    WAITING,
    Event,
    EventHost,
    Guest,
    Rsvp,
)

#: Those whom it matters to: all who answered, but for those who do not come, or were refused.
CONCERNED = (GOING, MAYBE, WAITING, OFFERED, ASKED)
#: Who does not come, by their own word or by the hosts': they have nothing to lose.
SAID_NO = (NOT_GOING, REFUSED)


def members_of(event: Event, but: uuid.UUID | None = None) -> sa.Select[Any]:
    """The active members of the event's group, all but one: a statement of User."""
    chosen = sa.select(User).join(Membership, Membership.user_id == User.id)
    chosen = chosen.where(Membership.group_id == event.group_id, User.deactivated_at.is_(None))
    return chosen if but is None else chosen.where(User.id != but)


def answers_to(
    event: Event, states: Collection[str], but: uuid.UUID | None = None
) -> sa.Select[Any]:
    """The answers of these kinds, with their people and guests, all but one's: a statement of Rsvp.
    Who has gone gave none, nor did who sees the event no more: they hear nothing of it."""
    chosen = sa.select(Rsvp).outerjoin(Rsvp.user).outerjoin(Rsvp.guest)
    chosen = chosen.options(contains_eager(Rsvp.user), contains_eager(Rsvp.guest))
    chosen = chosen.where(
        Rsvp.event_id == event.id, Rsvp.state.in_(states), is_here(), _sees(event)
    )
    return chosen if but is None else chosen.where(Rsvp.user_id.is_distinct_from(but))


def is_here() -> sa.ColumnElement[bool]:
    """The condition on User and Guest, outer-joined with an Rsvp, that someone stands behind
    it.
    """
    return sa.or_(
        sa.and_(User.id.is_not(None), User.deactivated_at.is_(None)), Guest.id.is_not(None)
    )


def _sees(event: Event) -> sa.ColumnElement[bool]:
    """The condition on Rsvp that the person who gave it is no stranger to the event's group by now,
    where it is closed to strangers; and was not banned from it."""
    if event.group_id is None:
        return sa.true()
    if access.is_open_to_others(event):
        return ~group_reads.has_ban(event.group_id, Rsvp.user_id)
    members = sa.exists().where(
        Membership.group_id == event.group_id, Membership.user_id == Rsvp.user_id
    )
    hosts = sa.exists().where(EventHost.event_id == event.id, EventHost.user_id == Rsvp.user_id)
    return sa.or_(members, sa.and_(hosts, ~group_reads.has_ban(event.group_id, Rsvp.user_id)))


def answer_count(event: Event, but: uuid.UUID | None = None) -> int:
    """How many are going, may come, wait, or ask to come, all but one: so many hear of what
    becomes of the event.
    """
    answered = answers_to(event, CONCERNED, but)
    return db.session.scalar(sa.select(sa.func.count()).select_from(answered.subquery())) or 0


def is_outsider() -> sa.ColumnElement[bool]:
    """The condition on Rsvp, joined with its Event, for answers from outside the event's group:
    its named hosts give none.
    """
    members = sa.exists().where(
        Membership.group_id == Event.group_id, Membership.user_id == Rsvp.user_id
    )
    hosts = sa.exists().where(EventHost.event_id == Event.id, EventHost.user_id == Rsvp.user_id)
    return sa.and_(Event.group_id.is_not(None), Rsvp.state.not_in(SAID_NO), ~members, ~hosts)


def hosts_of(event: Event) -> list[User]:
    """The owner and the named hosts who still run it, each once; where none does, those who lead
    its group.
    """
    people = possible_hosts(event)
    if event.group is None:
        return list(people.values())
    members = sa.select(Membership.user_id, sa.true()).where(Membership.group_id == event.group_id)
    banned = sa.select(Ban.user_id, sa.false()).where(Ban.group_id == event.group_id)
    asked = members.where(Membership.user_id.in_(people)).union_all(
        banned.where(Ban.user_id.in_(people))
    )
    return hosts_among(
        event, {user_id: bool(is_member) for user_id, is_member in db.session.execute(asked)}
    )


def possible_hosts(event: Event) -> dict[uuid.UUID, User]:
    """The owner and the named hosts whose accounts are in use, by their ids, whether or not they
    may still run it.
    """
    return {
        person.id: person
        for person in (event.owner, *(host.user for host in event.hosts))
        if person.is_active
    }


def hosts_among(event: Event, belongs: Mapping[uuid.UUID, bool]) -> list[User]:
    """`hosts_of`, for anyone who knows which of those who could host belong to its group (True), or
    were banned from it (False).
    """
    people, named = possible_hosts(event), {host.user_id for host in event.hosts}
    if event.group is None:
        return list(people.values())
    hosts = [person for person in people.values() if belongs.get(person.id, person.id in named)]
    return hosts or group_reads.members(event.group, *access.LEADING)
