"""The result of a vote as far as a person can see it, and who chose what.

Names are shown only in votes that say so, to whom `access.can_see_names` allows it.
"""

from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from ...accounts.models import User
from ...core.extensions import db
from ...core.http.pages import Page
from ...core.i18n import locale_here
from .. import access
from ..models import Ballot, Vote
from ..tally.outcome import Outcome
from ..tally.rules import KINDS
from . import counting, downloads, question, result_views
from .counting import Mark
from .figures import ResultTable
from .question import VoteQuestion
from .result_views import ResultView

PAGE = 100
#: So many are on the vote's own page.
FEW = 12


class Named(NamedTuple):
    """A voter and the choice string of their ballot."""

    user: User
    choice: str


def first_of(vote: Vote, limit: int = FEW) -> list[Named]:
    """The first few by name: one statement."""
    return _read(_wanted(vote).limit(limit))


def listed(vote: Vote, page: int = 1) -> Page:
    """Everyone who cast a ballot, by name, a page at a time."""
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


class Result(NamedTuple):
    """What the ballots say. `named`: the first few who chose what, where names are shown, and
    `grid` the same of a date poll; `files`: what there is to take along."""

    asked: VoteQuestion
    outcome: Outcome
    shown: ResultView
    named: list[Named]
    grid: ResultTable | None
    files: downloads.Files | None


def result_for(user: Any, vote: Vote) -> Result | None:
    """The result as `user` may see it now; None while it is not for them, and then nothing has
    been read of any ballot.
    """
    if not access.can_see_results(user, vote):
        return None
    asked = question.of(vote)
    outcome, shown = _found(vote.id, counting.mark_of(vote), asked, str(locale_here()))
    named = [] if vote.is_anonymous else first_of(vote)
    return Result(
        asked=asked,
        outcome=outcome,
        shown=shown,
        named=named,
        grid=_grid(asked, named) if KINDS[vote.kind].has_dates and named else None,
        files=downloads.files_of(vote) if access.can_take(user, vote) else None,
    )


@lru_cache(maxsize=128)
def _found(
    vote_id: UUID, _mark: Mark, asked: VoteQuestion, _language: str
) -> tuple[Outcome, ResultView]:
    """What the ballots say and how a page shows it: made once for all who look before the next
    ballot comes.
    """
    outcome = counting.outcome_of(db.session.get_one(Vote, vote_id))
    return outcome, result_views.shown(asked, outcome)


def _grid(asked: VoteQuestion, named: list[Named]) -> ResultTable:
    return question.ballot_grid(asked, [(row.user.name, row.choice) for row in named])
