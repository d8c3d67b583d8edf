"""The downloads of a closed vote: its ballots as a table and as BLT, its rounds as a table, its
outcome as JSON.

Rows are sorted by content, so their order doesn't reveal when a ballot was cast. The caller must
check `access.can_take`.
"""

from functools import cache, partial
from typing import Any, NamedTuple

import sqlalchemy as sa

from ...accounts.models import User
from ...core.extensions import db
from ..ballots import ballot_texts
from ..models import Ballot, Vote
from ..tally import exports
from ..tally.rules import KINDS, RANKING
from . import counting, question

Rows = list[tuple[Any, ...]]


class Files(NamedTuple):
    """Which files a vote has, besides its outcome.
    `has_bundle`: a zip with everything and the program that checks it.
    """

    has_blt: bool
    has_rounds: bool
    has_ballots: bool = True
    has_bundle: bool = False


def files_of(vote: Vote) -> Files:
    """Return which files there are. A BLT file can't hold equal ranks, which Schulze ballots may
    have. The ballots of a secret vote are in its bundle.
    """
    has_blt, has_rounds = vote.ballot_type == RANKING, KINDS[vote.kind].has_stages
    return Files(has_blt, has_rounds, not vote.is_secret, vote.is_secret)


def ballots(vote: Vote) -> Rows:
    """Return a row for each ballot in numbers and in words, with its reason, and with the voter
    unless the vote is anonymous. One statement.
    """
    name = sa.literal("") if vote.is_anonymous else User.name
    cast = (
        sa.select(name, Ballot.choice, Ballot.reason)
        .join(User, User.id == Ballot.user_id)
        .where(Ballot.vote_id == vote.id)
    )
    in_words = cache(partial(ballot_texts.in_words, vote.kind, question.titles(vote)))
    lines = [
        exports.BallotLine(voter.strip(), choice, in_words(choice), reason)
        for voter, choice, reason in db.session.execute(cast)
    ]
    return list(exports.ballots(lines, vote.is_anonymous))


def rounds(vote: Vote) -> Rows:
    """Return what each option had at the end of each round, exactly and rounded down."""
    return list(exports.stages(counting.outcome_of(vote), question.titles(vote)))


def election(vote: Vote) -> str:
    """Return the ballots in BLT, the format of election software."""
    return exports.blt_text(
        counting.profile_of(vote), question.titles(vote), vote.seats, vote.title
    )


def outcome(vote: Vote) -> dict[str, Any]:
    """Return the question, the rules and the result; fractions as text."""
    its = counting.rules_of(vote)
    threshold = its.threshold._asdict() if its.threshold is not None else None
    question_of_vote = {
        "title": vote.title,
        "kind": vote.kind,
        "options": list(question.titles(vote)),
    }
    drawn = counting.lot_of(vote)
    lot = (
        {}
        if drawn is None
        else {"lot": {"commitment": drawn.commitment, "secret": drawn.secret, "root": drawn.root}}
    )
    counted = counting.outcome_of(vote).as_json()
    return {
        **question_of_vote,
        "rules": {**its._asdict(), "threshold": threshold},
        **lot,
        "outcome": counted,
    }
