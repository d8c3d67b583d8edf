"""What the first page asks the database. Each function is one statement, however much it finds."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..accounts.models import User
from ..core.database import built_once
from ..core.extensions import db
from ..events.access import listed_for, owned_by, visible_to
from ..events.models import DRAFT, GOING, MAYBE, OFFERED, PUBLISHED, WAITING, Event, Rsvp, to_come
from ..groups.models import SECRET, Group, JoinRequest, Membership, OwnershipOffer
from ..voting.models import Ballot, Vote, Voter

SHOWN = 6
ANSWERED, DRAFTS, VOTES, GROUPS = 12, 3, 12, 30

_EVENT = (Event.id, Event.slug, Event.title, Event.place, Event.online_url, Event.starts_at, Event.zone, Event.state)


class Site(NamedTuple):
    """How far a site has come."""

    has_group: bool
    has_event: bool
    has_others: bool


def public_events(visitor: Any, now: datetime) -> list[sa.Row[Any]]:
    """The next events that anyone may find, and one more than are shown."""
    seats = (Event.capacity, Event.seats_taken, Group.name.label("group"))
    wanted = sa.select(*_EVENT, *seats).outerjoin(Group, Group.id == Event.group_id)
    soonest = wanted.where(_to_come(visitor, now)).order_by(Event.starts_at, Event.id)
    return list(db.session.execute(soonest.limit(SHOWN + 1)))


def public_groups() -> list[sa.Row[Any]]:
    """The largest groups that anyone may find, and one more than are shown."""
    wanted = sa.select(Group.id, Group.slug, Group.name, Group.picture, Group.summary, Group.place, Group.member_count)
    largest = wanted.where(_findable()).order_by(Group.member_count.desc(), Group.name, Group.id)
    return list(db.session.execute(largest.limit(SHOWN + 1)))


def _to_come(visitor: Any, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(listed_for(visitor), Event.state == PUBLISHED, to_come(now))


def _findable() -> sa.ColumnElement[bool]:
    return sa.and_(Group.visibility != SECRET, Group.deleted_at.is_(None))


@built_once
def events_of(user: Any, now: Any) -> Any:
    """What `user` goes to, waits for or may come to, offers first, then the soonest; and the latest drafts of theirs."""
    living = sa.and_(Event.deleted_at.is_(None), Group.deleted_at.is_(None))
    group = Group.name.label("group")
    answered = sa.select(*_EVENT, group, Rsvp.state.label("answer"), Rsvp.party, Rsvp.offered_until)
    answered = answered.join(Rsvp, Rsvp.event_id == Event.id).outerjoin(Group, Group.id == Event.group_id)
    coming = Rsvp.state.in_((GOING, MAYBE, WAITING, OFFERED))
    answered = answered.where(Rsvp.user_id == user.id, coming, visible_to(user), Event.ends_at > now)
    answered = answered.order_by(sa.case((Rsvp.state == OFFERED, 0), else_=1), Event.starts_at, Event.id).limit(ANSWERED)
    columns = {"answer": Rsvp.state, "party": Rsvp.party, "offered_until": Rsvp.offered_until}
    nothing = [sa.cast(sa.null(), column.type).label(name) for name, column in columns.items()]
    drafts = sa.select(*_EVENT, group, *nothing).outerjoin(Group, Group.id == Event.group_id)
    drafts = drafts.where(owned_by(user), Event.state == DRAFT, living, Event.ends_at > now)
    drafts = drafts.order_by(Event.id.desc()).limit(DRAFTS)
    return sa.union_all(sa.select(answered.subquery()), sa.select(drafts.subquery()))


@built_once
def votes_of(user: Any, now: Any) -> Any:
    """The open votes on whose roll `user` stands, those that close first on top; `has_voted` says whether their ballot is in."""
    has_voted = sa.exists().where(Ballot.vote_id == Vote.id, Ballot.user_id == user.id).label("has_voted")
    columns = (Vote.id, Vote.slug, Vote.title, Vote.closes_at, Vote.roll_count, Vote.ballot_count, Group.name.label("group"))
    wanted = sa.select(*columns, has_voted).join(Voter, Voter.vote_id == Vote.id).join(Group, Group.id == Vote.group_id)
    living = (Vote.deleted_at.is_(None), Group.deleted_at.is_(None))
    wanted = wanted.where(Voter.user_id == user.id, Voter.left_at.is_(None), *living, *_open(now))
    return wanted.order_by(Vote.closes_at, Vote.id).limit(VOTES)


@built_once
def groups_of(user: Any, now: Any) -> Any:
    """The groups of `user` by name, with their role and what goes on: open votes, the next event, people at the
    door, until when they may accept ownership."""
    votes = sa.select(sa.func.count()).where(Vote.group_id == Group.id, Vote.deleted_at.is_(None), *_open(now))
    coming = (Event.state == PUBLISHED, Event.deleted_at.is_(None), Event.starts_at > now)
    event = sa.select(sa.func.min(Event.starts_at)).where(Event.group_id == Group.id, *coming)
    waits = (JoinRequest.ignored_at.is_(None), JoinRequest.declined_at.is_(None))
    asking = sa.select(sa.func.count()).where(JoinRequest.group_id == Group.id, *waits)
    owns = (OwnershipOffer.group_id == Group.id, OwnershipOffer.user_id == user.id, OwnershipOffer.expires_at > now)
    until = sa.select(OwnershipOffer.expires_at).where(*owns)
    going_on = {"votes": votes, "next": event, "asking": asking, "ownership_until": until}
    counts = [what.scalar_subquery().label(name) for name, what in going_on.items()]
    wanted = sa.select(Group.id, Group.slug, Group.name, Group.picture, Membership.role, *counts)
    wanted = wanted.join(Membership, Membership.group_id == Group.id)
    wanted = wanted.where(Membership.user_id == user.id, Group.deleted_at.is_(None))
    return wanted.order_by(Group.name, Group.id).limit(GROUPS)


def _open(now: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (Vote.opened_at.is_not(None), Vote.closes_at > now, Vote.cancelled_at.is_(None))


def site(user: User) -> Site:
    """Whether there are a group, an event that was published, and anyone but `user`."""
    group = sa.exists().where(Group.deleted_at.is_(None))
    event = sa.exists().where(Event.published_at.is_not(None), Event.deleted_at.is_(None))
    others = sa.exists().where(User.id != user.id, User.deactivated_at.is_(None))
    return Site(*map(bool, db.session.execute(sa.select(group, event, others)).one()))
