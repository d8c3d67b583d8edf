"""The roll: written when voting opens, or kept in step with those whom the vote is for until it
closes.

Every verb is called with the vote's row locked.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core import clock
from ..core.extensions import db
from . import access, notices
from .models import CLOSE, Ballot, Vote, Voter


def write(vote: Vote) -> list[User]:
    """The people whom the vote is for stand on its roll; gives them."""
    people = list(db.session.scalars(access.electors(vote)))
    _add(vote, (person.id for person in people))
    return people


def follow(vote: Vote, tells: bool = True) -> None:
    """Those whom the vote is for now stand on its roll, and nobody else but who has voted; who is
    new hears that they may.

    Who has voted and is not of them any more stays with a mark: their ballot counts, and they
    cannot change it.
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
    if tells and fresh:
        notices.opened(vote, fresh)
    if fresh or gone:
        notices.turned_out(vote)


def note(vote: Vote, user: Any) -> None:
    """Who votes while the roll goes with those whom it is for stands on it."""
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
    """The open votes whose roll goes with those whom they are for."""
    wanted = sa.select(Vote.id).where(
        Vote.roll_at == CLOSE, Vote.opened_at.is_not(None), Vote.closed_at.is_(None)
    )
    wanted = wanted.where(
        Vote.cancelled_at.is_(None),
        Vote.deleted_at.is_(None),
        Vote.closes_at > clock.database_now(),
    )
    return list(db.session.scalars(wanted.order_by(Vote.id)))
