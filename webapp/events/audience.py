"""Recipients of an event's notices: its group, people who answered, outsiders, its hosts."""

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

#: Answers of people whom changes to the event concern: all but Can't go and declined.
CONCERNED = (GOING, MAYBE, WAITING, OFFERED, ASKED)
#: Answers that hold nothing: Can't go, or declined by the hosts.
SAID_NO = (NOT_GOING, REFUSED)


def members_of(event: Event, but: uuid.UUID | None = None) -> sa.Select[Any]:
    """Select the active members of the event's group, all but one: a statement of User."""
    chosen = sa.select(User).join(Membership, Membership.user_id == User.id)
    chosen = chosen.where(Membership.group_id == event.group_id, User.deactivated_at.is_(None))
    return chosen if but is None else chosen.where(User.id != but)


def answers_to(
    event: Event, states: Collection[str], but: uuid.UUID | None = None
) -> sa.Select[Any]:
    """Select the answers in these states with their people and guests, all but one's: a statement
    of Rsvp.

    Without closed accounts and people who may no longer see the event.
    """
    chosen = sa.select(Rsvp).outerjoin(Rsvp.user).outerjoin(Rsvp.guest)
    chosen = chosen.options(contains_eager(Rsvp.user), contains_eager(Rsvp.guest))
    chosen = chosen.where(
        Rsvp.event_id == event.id, Rsvp.state.in_(states), is_here(), _sees(event)
    )
    return chosen if but is None else chosen.where(Rsvp.user_id.is_distinct_from(but))


def is_here() -> sa.ColumnElement[bool]:
    """The condition on User and Guest, outer-joined with Rsvp: the account or guest still
    exists.
    """
    return sa.or_(
        sa.and_(User.id.is_not(None), User.deactivated_at.is_(None)), Guest.id.is_not(None)
    )


def _sees(event: Event) -> sa.ColumnElement[bool]:
    """The condition on Rsvp that its person may still see the event: not banned, and not an
    outsider of a closed event.
    """
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
    """Return how many people changes to the event concern, all but one."""
    answered = answers_to(event, CONCERNED, but)
    return db.session.scalar(sa.select(sa.func.count()).select_from(answered.subquery())) or 0


def is_outsider() -> sa.ColumnElement[bool]:
    """The condition on Rsvp joined with its Event: the answer is from outside the group, and not a
    host's.
    """
    members = sa.exists().where(
        Membership.group_id == Event.group_id, Membership.user_id == Rsvp.user_id
    )
    hosts = sa.exists().where(EventHost.event_id == Event.id, EventHost.user_id == Rsvp.user_id)
    return sa.and_(Event.group_id.is_not(None), Rsvp.state.not_in(SAID_NO), ~members, ~hosts)


def hosts_of(event: Event) -> list[User]:
    """Return the owner and named hosts who may still host, each once; if none, the leaders of its
    group.
    """
    people = event.possible_hosts
    if event.group is None:
        return list(people.values())
    members = sa.select(Membership.user_id, sa.true()).where(Membership.group_id == event.group_id)
    banned = sa.select(Ban.user_id, sa.false()).where(Ban.group_id == event.group_id)
    query = members.where(Membership.user_id.in_(people)).union_all(
        banned.where(Ban.user_id.in_(people))
    )
    return hosts_among(
        event, {user_id: bool(is_member) for user_id, is_member in db.session.execute(query)}
    )


def hosts_among(event: Event, belongs: Mapping[uuid.UUID, bool]) -> list[User]:
    """`hosts_of` for callers who know which possible hosts belong to the group (True) or are banned
    (False).
    """
    people, named = event.possible_hosts, {host.user_id for host in event.hosts}
    if event.group is None:
        return list(people.values())
    hosts = [person for person in people.values() if belongs.get(person.id, person.id in named)]
    return hosts or group_reads.members(event.group, *access.LEADING)
