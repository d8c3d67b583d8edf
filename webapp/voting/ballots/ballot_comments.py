"""The reasons that people give with their ballots, if the vote asks for them. Anyone who may see
its result can read them.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa

from ...accounts.models import User
from ...core.extensions import db
from ...core.http.pages import Page
from .. import access
from ..models import OFF, REQUIRED, Ballot, Vote

LONGEST = 1000
PAGE = 50


class BallotComment(NamedTuple):
    """A choice and its reason. `who` is None in anonymous votes."""

    choice: str
    reason: str
    who: User | None


def problems(vote: Vote, reason: str) -> list[str]:
    """Return the problems with the reason, as codes."""
    if vote.reasons == REQUIRED and not reason.strip():
        return ["reason_required"]
    return ["reason_long"] if vote.reasons != OFF and len(reason) > LONGEST else []


def are_visible(user: Any, vote: Vote) -> bool:
    """Whether `user` may read the reasons now. They appear with the result; in an anonymous vote
    only after counting, because a new reason beside a growing number reveals whose it is.
    """
    if vote.reasons == OFF or not access.can_see_results(user, vote):
        return False
    return vote.is_counted or not vote.is_anonymous


def page_of(vote: Vote, page: int = 1, size: int = PAGE) -> Page:
    """Return a page of the reasons, in an order independent of when they were given.
    The caller must check `are_visible`.
    """
    has_reason = (Ballot.vote_id == vote.id, Ballot.reason != "")
    total = (
        db.session.scalar(sa.select(sa.func.count()).select_from(Ballot).where(*has_reason)) or 0
    )
    rows = (
        sa.select(Ballot.choice, Ballot.reason)
        .where(*has_reason)
        .order_by(Ballot.choice, Ballot.reason, Ballot.user_id)
    )
    rows = rows.limit(size).offset((page - 1) * size)
    if vote.is_anonymous:
        return Page(
            [BallotComment(choice, reason, None) for choice, reason in db.session.execute(rows)],
            total,
            page,
            size,
        )
    named = rows.add_columns(User).join(User, User.id == Ballot.user_id)
    return Page([BallotComment(*row) for row in db.session.execute(named)], total, page, size)
