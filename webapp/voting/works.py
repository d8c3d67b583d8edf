"""Every kind of errand: for whom it is run, whether it still stands, and what is done for them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from . import appointing, electorates, notices, reminding, statements
from .errands import WORKS, Work
from .models import ANSWERS, NUDGE, OUTCOME, REMINDER, Ballot, Errand, Vote, Voter


def is_shown(vote: Vote) -> bool:
    """Whether people find the vote at all: neither called off nor put away, nor its group."""
    return vote.cancelled_at is None and vote.deleted_at is None and vote.group.deleted_at is None


def _is_missed(vote: Vote, errand: Errand) -> bool:
    """Whether ballots are still waited for, and a reminder speaks of the closing time of now."""
    speaks_of_now = errand.closes_at is None or errand.closes_at == vote.closes_at
    return is_shown(vote) and vote.is_open and vote.opened_at is not None and speaks_of_now


def _has_statement(vote: Vote, _errand: Errand) -> bool:
    return is_shown(vote) and statements.of(vote) is not None


def _people(lines: Sequence[Voter]) -> list[Any]:
    return [line.user for line in lines]


def _remind(vote: Vote, errand: Errand, lines: Sequence[Voter]) -> int:
    notices.missed(vote, _people(lines), errand.by if errand.kind == NUDGE else None)
    return len(lines)


def _tell_outcome(vote: Vote, errand: Errand, lines: Sequence[Voter]) -> int:
    notices.concluded(vote, _people(lines), errand.by)
    return len(lines)


def _silent(vote: Vote, errand: Errand) -> sa.Select[Any]:
    """Those whose ballot is missing; whoever asks for it knows it about themselves."""
    return reminding.silent(vote).where(Voter.user_id.is_distinct_from(errand.by_id))


WORKS.update(
    {
        REMINDER: Work(_silent, Voter.id, _is_missed, _remind),
        NUDGE: Work(_silent, Voter.id, _is_missed, _remind),
        OUTCOME: Work(lambda vote, _errand: electorates.on_roll(vote), Voter.id, _has_statement, _tell_outcome),
        ANSWERS: Work(
            lambda vote, _errand: appointing.ballots_in(vote),
            Ballot.id,
            lambda vote, _errand: is_shown(vote) and appointing.takes_answers(vote),
            lambda vote, _errand, ballots: appointing.bring(vote, ballots),
        ),
    }
)
