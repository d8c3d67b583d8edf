"""A result as a page shows it: a sentence, quorum and threshold, ties, and the figures of its kind.

`result_for` is the result of a vote as a person may see it. Who chose what appears only in named
votes, to people whom `access.can_see_names` allows it. `view_of` takes a question and an outcome,
so that a help page shows its example just as a vote shows its result.
"""

from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ...accounts.models import User
from ...core.extensions import db
from ...core.http.pages import Page
from ...core.i18n import locale_here
from .. import access
from ..models import Ballot, Vote
from ..tally.outcome import Outcome
from ..tally.rules import KINDS
from . import (
    counting,
    downloads,
    findings,
    pairwise_views,
    question as question,
    stage_views,
    sum_views,
    ties,
)
from .counting import Mark
from .figures import ResultSection, ResultTable
from .question import VoteQuestion
from .quorum_text import needed, of_whom, threshold_of


class ResultView(NamedTuple):
    """What a result shows.
    `facts`: quorum and threshold, each as a term and what was found; `ties`: a sentence or two
    each.
    """

    finding: str
    facts: list[tuple[str, str]]
    sections: list[ResultSection]
    ties: list[str]


def view_of(question: VoteQuestion, outcome: Outcome) -> ResultView:
    """Return the result as text, bars and tables."""
    finding, facts = findings.finding(question, outcome), _facts(question, outcome)
    return ResultView(
        finding, facts, _sections(question, outcome), ties.sentences(question, outcome)
    )


def _sections(question: VoteQuestion, outcome: Outcome) -> list[ResultSection]:
    if not outcome.valid and not outcome.answers:
        return []
    staged = stage_views.sections(question, outcome) + pairwise_views.sections(question, outcome)
    return [*sum_views.sections(question, outcome), *staged]


def _facts(question: VoteQuestion, outcome: Outcome) -> list[tuple[str, str]]:
    asked = []
    if outcome.quorum is not None:
        came = {"needed": outcome.quorum, "roll": question.rules.entitled, "cast": outcome.cast}
        asked.append((_("Quorum"), _("%(needed)s of %(roll)s needed, %(cast)s voted", **came)))
    if outcome.bar is not None:
        rule = needed(*threshold_of(question.rules))
        is_open = not question.is_counted
        bar = of_whom(outcome.bar.of, outcome.bar.votes, outcome.bar.base, is_open=is_open)
        said = _(
            "Needed: %(rule)s, so %(needed)s. Reached: %(bar)s",
            rule=rule,
            needed=outcome.bar.needed,
            bar=bar,
        )
        asked.append((_("Majority"), said))
    return asked


PAGE = 100
#: How many are on the vote's own page.
FEW = 12


class Named(NamedTuple):
    """A voter and the choice string of their ballot."""

    user: User
    choice: str


def first_of(vote: Vote, limit: int = FEW) -> list[Named]:
    """Return the first few voters by name. One statement."""
    return _read(_wanted(vote).limit(limit))


def listed(vote: Vote, page: int = 1) -> Page:
    """Return a page of everyone who cast a ballot, by name."""
    return Page(
        _read(_wanted(vote).limit(PAGE).offset((page - 1) * PAGE)), vote.ballot_count, page, PAGE
    )


def _wanted(vote: Vote) -> "sa.Select[User, str]":
    cast = (
        sa.select(User, Ballot.choice)
        .join(Ballot, Ballot.user_id == User.id)
        .where(Ballot.vote_id == vote.id)
    )
    return cast.order_by(User.search_text, User.id)


def _read(query: "sa.Select[User, str]") -> list[Named]:
    return [Named(user, choice) for user, choice in db.session.execute(query)]


class Result(NamedTuple):
    """A result for one reader. `named`: the first few voters with their choices, in named votes;
    `grid`: the same as a table in date polls; `files`: the downloads.
    """

    question: VoteQuestion
    outcome: Outcome
    view: ResultView
    named: list[Named]
    grid: ResultTable | None
    files: downloads.Files | None


def result_for(user: Any, vote: Vote) -> Result | None:
    """Return the result as `user` may see it now. If they may not it's None, and no ballot has been
    read.
    """
    if not access.can_see_results(user, vote):
        return None
    asked = question.of(vote)
    outcome, shown = _found(vote.id, counting.mark_of(vote), asked, str(locale_here()))
    named = [] if vote.is_anonymous else first_of(vote)
    return Result(
        question=asked,
        outcome=outcome,
        view=shown,
        named=named,
        grid=_grid(asked, named) if KINDS[vote.kind].has_dates and named else None,
        files=downloads.files_of(vote) if access.can_take(user, vote) else None,
    )


@lru_cache(maxsize=128)
def _found(
    vote_id: UUID, _mark: Mark, vote_question: VoteQuestion, _language: str
) -> tuple[Outcome, ResultView]:
    """Count the ballots and build the view. Cached until the next ballot, for all readers of a
    language.
    """
    outcome = counting.outcome_of(db.session.get_one(Vote, vote_id))
    return outcome, view_of(vote_question, outcome)


def _grid(vote_question: VoteQuestion, named: list[Named]) -> ResultTable:
    return question.ballot_grid(vote_question, [(row.user.name, row.choice) for row in named])
