"""The result of a vote, as far as it is for somebody."""

from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from ..core.extensions import db
from ..core.language import locale_here
from . import access, counting, naming, showing, takeaways
from .counting import Mark
from .models import DATE, Vote
from .naming import Named
from .showing import Shown, question
from .showing.figures import Table
from .showing.question import Question
from .tally.outcome import Outcome


class Result(NamedTuple):
    """What the ballots say. `named`: the first few who chose what, where names are shown, and
    `grid` the same of a date poll; `files`: what there is to take along."""

    asked: Question
    outcome: Outcome
    shown: Shown
    named: list[Named]
    grid: Table | None
    files: takeaways.Files | None


def result_for(user: Any, vote: Vote) -> Result | None:
    """The result as `user` may see it now; None while it is not for them, and then nothing has
    been read of any ballot.
    """
    if not access.can_see_results(user, vote):
        return None
    asked = question.of(vote)
    outcome, shown = _found(vote.id, counting.mark_of(vote), asked, str(locale_here()))
    named = [] if vote.is_anonymous else naming.first_of(vote)
    return Result(
        asked=asked,
        outcome=outcome,
        shown=shown,
        named=named,
        grid=_grid(asked, named) if vote.kind == DATE and named else None,
        files=takeaways.files_of(vote) if access.can_take(user, vote) else None,
    )


@lru_cache(maxsize=128)
def _found(vote_id: UUID, _mark: Mark, asked: Question, _language: str) -> tuple[Outcome, Shown]:
    """What the ballots say and how a page shows it: made once for all who look before the next
    ballot comes.
    """
    outcome = counting.outcome_of(db.session.get_one(Vote, vote_id))
    return outcome, showing.shown(asked, outcome)


def _grid(asked: Question, named: list[Named]) -> Table:
    return showing.ballots.grid(asked, [(row.user.name, row.choice) for row in named])
