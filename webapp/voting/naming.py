"""Who chose what, in votes that say so: never where the vote is anonymous, and nowhere before the
results may be seen.

The caller has asked `access.can_see_names`.
"""

from typing import NamedTuple

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.pages import Page
from .models import Ballot, Vote

PAGE = 100
#: So many stand on the vote's own page.
FEW = 12


class Named(NamedTuple):
    """A voter and the choice string of their ballot."""

    user: User
    choice: str


def first_of(vote: Vote, limit: int = FEW) -> list[Named]:
    """The first few by name: one statement."""
    return _read(_wanted(vote).limit(limit))


def listed(vote: Vote, page: int = 1) -> Page:
    """Everybody who cast a ballot, by name, a page at a time."""
    return Page(
        _read(_wanted(vote).limit(PAGE).offset((page - 1) * PAGE)), vote.ballot_count, page, PAGE
    )


def _wanted(vote: Vote) -> "sa.Select[User, str]":
    cast = (
        sa.select(User, Ballot.choice)
        .join(Ballot, Ballot.user_id == User.id)
        .where(Ballot.vote_id == vote.id)
    )
    return cast.order_by(User.first_name, User.last_name, User.id)


def _read(wanted: "sa.Select[User, str]") -> list[Named]:
    return [Named(user, choice) for user, choice in db.session.execute(wanted)]
