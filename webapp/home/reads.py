"""Queries of the first page. Each function is one statement."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ..accounts import blocks
from ..accounts.models import User
from ..core.db.session import cached_statement, constant
from ..core.extensions import db
from ..events.access import listed_for, owned_by, visible_to
from ..events.models import (
    DRAFT,
    GOING,
    MAYBE,
    OFFERED,
    PUBLISHED,
    WAITING,
    Event,
    EventHost,
    Rsvp,
    takes_place,
    to_come,
)
from ..groups.models import INVITE, SECRET, Group, JoinRequest, Membership, OwnershipOffer
from ..groups.reads import requests_waiting
from ..invitations.models import GroupInvitation
from ..invitations.reads import is_waiting, reaches
from ..volunteering.reads import own_help
from ..voting.models import Vote, Voter, ballot_is_in

SHOWN = 6
ANSWERED, DRAFTS, UNANSWERED, VOTES, DECIDED, GROUPS, INVITED = 12, 3, 8, 3, 4, 30, 5

_EVENT: tuple[Any, ...] = (
    Event.id,
    Event.slug,
    Event.title,
    Event.picture,
    Event.scene,
    Event.venue,
    Event.online_url,
    Event.zone,
)
_EVENT += (Event.state, Event.starts_at, Event.ends_at, Event.is_all_day)


def public_events(visitor: Any, now: datetime) -> list[sa.Row[Any]]:
    """Return the next events that anyone can find, one more than are shown."""
    seats = (
        Event.capacity,
        Event.seats_taken,
        Event.waiting_count,
        (Event.online_url != "").label("is_online"),
        Group.name.label("group_name"),
    )
    query = sa.select(*_EVENT, *seats).outerjoin(Group, Group.id == Event.group_id)
    soonest = query.where(_to_come(visitor, now)).order_by(Event.starts_at, Event.id)
    return list(db.session.execute(soonest.limit(constant(SHOWN + 1))))


def public_groups(joinable: bool = False) -> list[sa.Row[Any]]:
    """Return the largest groups that anyone can find, one more than are shown.

    `joinable`: only those that people can join without an invitation.
    """
    query = sa.select(
        Group.id,
        Group.slug,
        Group.name,
        Group.picture,
        Group.summary,
        Group.location,
        Group.member_count,
        Group.join_policy,
        (Group.code_of_conduct != "").label("has_code"),
    )
    policy = [Group.join_policy != INVITE] if joinable else []
    largest = query.where(_findable(), *policy).order_by(
        Group.member_count.desc(), Group.name, Group.id
    )
    return list(db.session.execute(largest.limit(constant(SHOWN + 1))))


def _to_come(visitor: Any, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(listed_for(visitor), Event.state == constant(PUBLISHED), to_come(now))


def _findable() -> sa.ColumnElement[bool]:
    return sa.and_(Group.visibility != SECRET, Group.deleted_at.is_(None))


@cached_statement
def events_of(user: Any, now: Any) -> Any:
    """Select the user's coming events, offers first, then by time; their latest drafts; and their
    groups' next events without their answer.
    """
    living = sa.and_(Event.deleted_at.is_(None), Group.deleted_at.is_(None))
    more = (
        (Event.online_url != "").label("is_online"),
        Group.name.label("group_name"),
        Event.published_at,
        Event.rsvp_deadline,
    )
    answered = sa.select(
        *_EVENT,
        *more,
        Rsvp.state.label("answer"),
        Rsvp.party,
        Rsvp.offered_until,
        *own_help(user, now),
    )
    answered = answered.join(Rsvp, Rsvp.event_id == Event.id).outerjoin(
        Group, Group.id == Event.group_id
    )
    coming = Rsvp.state.in_((GOING, MAYBE, WAITING, OFFERED))
    answered = answered.where(
        Rsvp.user_id == user.id, coming, visible_to(user), Event.ends_at > now
    )
    answered = answered.order_by(
        sa.case((Rsvp.state == OFFERED, 0), else_=1), Event.starts_at, Event.id
    ).limit(constant(ANSWERED))
    columns = {"answer": Rsvp.state, "party": Rsvp.party, "offered_until": Rsvp.offered_until}
    columns |= {"to_do": Rsvp.party, "to_do_at": Rsvp.offered_until}
    nothing = [sa.cast(sa.null(), column.type).label(name) for name, column in columns.items()]
    drafts = sa.select(*_EVENT, *more, *nothing).outerjoin(Group, Group.id == Event.group_id)
    is_draft = Event.state == constant(DRAFT)
    drafts = drafts.where(owned_by(user), is_draft, living, Event.ends_at > now)
    drafts = drafts.order_by(Event.created_at.desc(), Event.id).limit(constant(DRAFTS))
    query = sa.select(*_EVENT, *more, *nothing).join(Group, Group.id == Event.group_id)
    query = query.where(_asks(user, now), living).order_by(Event.starts_at, Event.id)
    query = query.limit(constant(UNANSWERED))
    return sa.union_all(*(sa.select(part.subquery()) for part in (answered, drafts, query)))


def _asks(user: Any, now: Any) -> sa.ColumnElement[bool]:
    """The condition on Event: it belongs to a group of the user's, someone else runs it, and it
    waits for their answer.
    """
    mine = sa.select(Membership.group_id).where(Membership.user_id == user.id)
    answered = sa.exists().where(Rsvp.event_id == Event.id, Rsvp.user_id == user.id)
    hosts = sa.exists().where(EventHost.event_id == Event.id, EventHost.user_id == user.id)
    is_open = (
        Event.state == constant(PUBLISHED),
        Event.starts_at > now,
        sa.func.coalesce(Event.rsvp_deadline, Event.starts_at) > now,
    )
    is_there = (Event.locked_at.is_(None), Event.hidden_at.is_(None))
    return sa.and_(
        Event.group_id.in_(mine), *is_open, *is_there, Event.owner_id != user.id, ~answered, ~hosts
    )


@cached_statement
def votes_of(user: Any, now: Any) -> Any:
    """Select the open votes that `user` can vote in and hasn't, those that close first on top.

    Then the latest counted ones. Each row has the number of them all (`total`).
    """
    columns = (
        Vote.slug,
        Vote.title,
        Vote.closes_at,
        Vote.closed_at,
        Group.name.label("group"),
        sa.func.count().over().label("total"),
    )
    query = (
        sa.select(*columns)
        .join(Voter, Voter.vote_id == Vote.id)
        .join(Group, Group.id == Vote.group_id)
    )
    living = (Vote.deleted_at.is_(None), Group.deleted_at.is_(None))
    query = query.where(Voter.user_id == user.id, Voter.left_at.is_(None), *living)
    conditions = (*_open(now), ~ballot_is_in(Vote.id, user.id))
    is_open = query.where(*conditions).order_by(Vote.closes_at, Vote.id).limit(constant(VOTES))
    counted = query.where(Vote.closed_at.is_not(None), Vote.cancelled_at.is_(None))
    counted = counted.order_by(Vote.closes_at.desc(), Vote.id.desc()).limit(constant(DECIDED))
    return sa.union_all(sa.select(is_open.subquery()), sa.select(counted.subquery()))


@cached_statement
def groups_of(user: Any, now: Any) -> Any:
    """Select the user's groups by name, with their role and what is going on.

    That is: open votes, the next event, requests to join, an ownership offer's deadline and author,
    and whether it has other people, an event and a vote.
    """
    votes = sa.select(sa.func.count()).where(
        Vote.group_id == Group.id, Vote.deleted_at.is_(None), *_open(now)
    )
    coming = takes_place(), Event.starts_at > now
    event = sa.select(sa.func.min(Event.starts_at)).where(Event.group_id == Group.id, *coming)
    asking = sa.select(sa.func.count()).where(JoinRequest.group_id == Group.id, *requests_waiting())
    owns = (
        OwnershipOffer.group_id == Group.id,
        OwnershipOffer.user_id == user.id,
        OwnershipOffer.expires_at > now,
    )
    until = sa.select(OwnershipOffer.expires_at).where(
        *owns, ~blocks.blockers_of(OwnershipOffer.by_id, user.id)
    )
    owner = aliased(User)
    by = sa.select(owner.name).where(*owns, owner.id == OwnershipOffer.by_id)
    going_on = {
        "votes": votes,
        "next": event,
        "asking": asking,
        "ownership_until": until,
        "ownership_by": by,
    }
    counts = [what.scalar_subquery().label(name) for name, what in going_on.items()]
    columns = (Group.id, Group.slug, Group.name, Group.picture, Group.created_at, Membership.role)
    query = sa.select(*columns, *counts, *_first_steps())
    query = query.join(Membership, Membership.group_id == Group.id)
    query = query.where(Membership.user_id == user.id, Group.deleted_at.is_(None))
    return query.order_by(Group.name, Group.id).limit(constant(GROUPS))


def _first_steps() -> Iterator[sa.Label[bool]]:
    """The conditions of a new group's checklist."""
    invited = sa.exists().where(GroupInvitation.group_id == Group.id)
    yield sa.or_(Group.member_count > 1, invited).label("has_people")
    planned = (Event.published_at.is_not(None), Event.deleted_at.is_(None))
    yield sa.exists().where(Event.group_id == Group.id, *planned).label("has_event")
    yield sa.exists().where(Vote.group_id == Group.id, Vote.deleted_at.is_(None)).label("has_vote")


@cached_statement
def invitations_of(user: Any, now: Any) -> Any:
    """Select the invitations to the user's confirmed address, with their senders; those that end
    first on top.
    """
    inviter, reader = aliased(User), aliased(User)
    columns = (
        GroupInvitation.id,
        GroupInvitation.nonce,
        GroupInvitation.expires_at,
        Group.name.label("group"),
    )
    query = sa.select(*columns, inviter.name.label("inviter")).join(
        Group, Group.id == GroupInvitation.group_id
    )
    query = query.join(inviter, inviter.id == GroupInvitation.by_id).join(
        reader, reader.email == GroupInvitation.email
    )
    query = query.where(
        reader.id == user.id, reader.verified_at.is_not(None), *is_waiting(now), *reaches(user.id)
    )
    return query.order_by(GroupInvitation.expires_at, GroupInvitation.id).limit(constant(INVITED))


def _open(now: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (Vote.opened_at.is_not(None), Vote.closes_at > now, Vote.cancelled_at.is_(None))
