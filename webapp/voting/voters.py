"""The roll as it is read, by name.

Of a vote among an event's people it tells no more of who goes than the event's page does.
"""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from ..accounts.models import User
from ..core.extensions import db
from ..core.pages import Page
from ..events import access as events
from ..events import rsvps
from ..events.models import Rsvp
from .models import OF_EVENT, Ballot, Vote, Voter

PAGE = 100


class Line(NamedTuple):
    """A line of the roll; without a name where the person goes to the event without theirs, or
    its hosts keep that private.
    """

    voter: Voter
    is_named: bool


def listed(user: Any, vote: Vote, page: int = 1) -> Page:
    """A page of the roll as `user` may read it: by name, then those without one."""
    unnamed = _unnamed(user, vote)
    lines = (
        sa.select(Voter, unnamed)
        .join(Voter.user)
        .options(contains_eager(Voter.user))
        .where(Voter.vote_id == vote.id)
    )
    names = (sa.case((unnamed, ""), else_=name) for name in (User.first_name, User.last_name))
    lines = lines.order_by(unnamed, *names, Voter.id).limit(PAGE).offset((page - 1) * PAGE)
    return Page(
        [Line(voter, not hidden) for voter, hidden in db.session.execute(lines)],
        vote.roll_count,
        page,
        PAGE,
    )


def voted_among(vote: Vote, user_ids: Collection[UUID]) -> set[UUID]:
    """Those of these people whose ballot is in; the caller has asked whether that may be seen."""
    return set(
        db.session.scalars(
            sa.select(Ballot.user_id).where(Ballot.vote_id == vote.id, Ballot.user_id.in_(user_ids))
        )
    )


def _unnamed(user: Any, vote: Vote) -> sa.ColumnElement[bool]:
    """The condition on Voter that the line bears no name for `user`; one's own always does."""
    event = vote.event
    if (
        vote.electorate not in OF_EVENT
        or event is None
        or events.can(user, "event:see_queue_names", event)
    ):
        return sa.literal(False)
    others = Voter.user_id != user.id
    if not events.can_see_people(user, event, rsvps.of(event, user)):
        return others
    hidden = sa.exists().where(
        Rsvp.event_id == event.id, Rsvp.user_id == Voter.user_id, Rsvp.is_anonymous
    )
    return sa.and_(others, hidden)
