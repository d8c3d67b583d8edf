"""Why people chose what they chose, in their own words: where the vote asks for it, and for
anyone who may see its result.
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
    """What someone chose, and why; `who` is None where that is shown to nobody."""

    choice: str
    reason: str
    who: User | None


def problems(vote: Vote, reason: str) -> list[str]:
    """What stands against the reason, as codes."""
    if vote.reasons == REQUIRED and not reason.strip():
        return ["reason_required"]
    return ["reason_long"] if vote.reasons != OFF and len(reason) > LONGEST else []


def are_visible(user: Any, vote: Vote) -> bool:
    """Whether `user` reads the reasons now: with the result. Of an anonymous vote nobody does
    before it is counted, for who sees one come in beside a growing number knows whose it is."""
    if vote.reasons == OFF or not access.can_see_results(user, vote):
        return False
    return vote.is_counted or not vote.is_anonymous


def page_of(vote: Vote, page: int = 1, size: int = PAGE) -> Page:
    """A page of the reasons that were given, in an order that says nothing of when; the caller
    has asked `are_visible`.
    """
    said = (Ballot.vote_id == vote.id, Ballot.reason != "")
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Ballot).where(*said)) or 0
    rows = (
        sa.select(Ballot.choice, Ballot.reason)
        .where(*said)
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
