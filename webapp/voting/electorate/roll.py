"""The electoral roll: written when voting opens, or updated until it closes, and read by name.

Changes are made with the vote's row locked. For a vote among an event's attendees it reveals no
more about who is going than the event page does.
`leavers` says what happens to people who leave while voting is open.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from ...accounts.models import User
from ...attendance import rsvps
from ...core.db import database_clock
from ...core.extensions import db
from ...core.http.pages import Page
from ...core.time import clock
from ...events import access as events
from ...events.models import Rsvp
from .. import access, notices
from ..models import CLOSE, OF_EVENT, Ballot, Vote, Voter


def write(vote: Vote) -> list[User]:
    """Write the current electorate to the electoral roll, and return these people."""
    people = list(db.session.scalars(access.electors(vote)))
    _add(vote, (person.id for person in people))
    return people


def follow(vote: Vote, notify: bool = True) -> None:
    """Bring the electoral roll up to date and notify new voters.
    People who voted but lost the right stay, marked; their ballot counts and can't be changed.
    """
    electors = {person.id: person for person in db.session.scalars(access.electors(vote))}
    lines = {
        line.user_id: line
        for line in db.session.scalars(sa.select(Voter).where(Voter.vote_id == vote.id))
    }
    voted = set(db.session.scalars(sa.select(Ballot.user_id).where(Ballot.vote_id == vote.id)))
    fresh = [person for user_id, person in electors.items() if user_id not in lines]
    for user_id, line in lines.items():
        if user_id in electors:
            line.left_at = None
        elif user_id in voted:
            line.left_at = line.left_at or clock.now()
    gone = [user_id for user_id in lines if user_id not in electors and user_id not in voted]
    if gone:
        of_them = sa.delete(Voter).where(Voter.vote_id == vote.id, Voter.user_id.in_(gone))
        db.session.execute(of_them, execution_options={"synchronize_session": "fetch"})
    vote.roll_count -= len(gone)
    _add(vote, (person.id for person in fresh))
    if notify and fresh:
        notices.opened(vote, fresh)
    if fresh or gone:
        notices.turnout_changed(vote)


def note(vote: Vote, user: Any) -> None:
    """Add a person who votes while the electoral roll is still updated."""
    line = db.session.scalar(
        sa.select(Voter).where(Voter.vote_id == vote.id, Voter.user_id == user.id)
    )
    if line is None:
        _add(vote, [user.id])
    else:
        line.left_at = None


def _add(vote: Vote, user_ids: Iterable[UUID]) -> None:
    rows = [{"vote_id": vote.id, "user_id": user_id} for user_id in user_ids]
    if rows:
        db.session.execute(sa.insert(Voter), rows)
    vote.roll_count += len(rows)
    db.session.flush()


def followed() -> list[UUID]:
    """Return the open votes whose electoral rolls are updated until closing."""
    query = sa.select(Vote.id).where(
        Vote.roll_at == CLOSE, Vote.opened_at.is_not(None), Vote.closed_at.is_(None)
    )
    query = query.where(
        Vote.cancelled_at.is_(None),
        Vote.deleted_at.is_(None),
        Vote.closes_at > database_clock.now(),
    )
    return list(db.session.scalars(query.order_by(Vote.id)))


PAGE = 100


class RollLine(NamedTuple):
    """An entry on the electoral roll. It has no name if the person attends the event anonymously,
    or its hosts keep attendees private.
    """

    voter: Voter
    is_named: bool


def listed(user: Any, vote: Vote, page: int = 1) -> Page:
    """Return a page of the electoral roll as `user` may see it: by name, then entries
    without one.
    """
    unnamed = _unnamed(user, vote)
    lines = (
        sa.select(Voter, unnamed)
        .join(Voter.user)
        .options(contains_eager(Voter.user))
        .where(Voter.vote_id == vote.id)
    )
    name = sa.case((unnamed, ""), else_=User.search_text)
    lines = lines.order_by(unnamed, name, Voter.id).limit(PAGE).offset((page - 1) * PAGE)
    return Page(
        [RollLine(voter, not hidden) for voter, hidden in db.session.execute(lines)],
        vote.roll_count,
        page,
        PAGE,
    )


def voted_among(vote: Vote, user_ids: Collection[UUID]) -> set[UUID]:
    """Return who of these people has voted. The caller must check whether that may be seen."""
    return set(
        db.session.scalars(
            sa.select(Ballot.user_id).where(Ballot.vote_id == vote.id, Ballot.user_id.in_(user_ids))
        )
    )


def _unnamed(user: Any, vote: Vote) -> sa.ColumnElement[bool]:
    """The condition on Voter that the entry's name is hidden from `user`. One's own is always
    shown.
    """
    event = vote.event
    if (
        vote.electorate not in OF_EVENT
        or event is None
        or events.can(user, "event:see_waiting_names", event)
    ):
        return sa.literal(False)
    others = Voter.user_id != user.id
    if not events.can_see_people(user, event, rsvps.of(event, user)):
        return others
    hidden = sa.exists().where(
        Rsvp.event_id == event.id, Rsvp.user_id == Voter.user_id, Rsvp.is_anonymous
    )
    return sa.and_(others, hidden)
