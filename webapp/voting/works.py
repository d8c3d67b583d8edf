"""Every kind of errand: for whom it is run, whether it still stands, and what is done for them."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from ..accounts.models import User
from . import notices
from .electorate import electorates, reminders
from .errands import WORKS, Work
from .models import (
    ANSWERS,
    CALLED_OFF,
    CLOSE,
    ENDED,
    NUDGE,
    OPENED,
    OUTCOME,
    REMINDER,
    Ballot,
    Errand,
    Vote,
    Voter,
)
from .results import outcomes, schedule_event

Who = Callable[[Vote, Errand], sa.Select[Any]]


def is_shown(vote: Vote) -> bool:
    """Whether people find the vote at all: neither cancelled nor put away, nor its group."""
    stands = vote.cancelled_at is None and vote.deleted_at is None and vote.hidden_at is None
    return stands and vote.group.deleted_at is None


def _has_opened(vote: Vote, _errand: Errand) -> bool:
    """Whether ballots are still taken: who had not heard of it by its end hears of the result
    alone.
    """
    return is_shown(vote) and vote.opened_at is not None and vote.closed_at is None


def _is_missed(vote: Vote, errand: Errand) -> bool:
    """Whether ballots are still waited for, and a reminder speaks of the closing time of now."""
    speaks_of_now = errand.closes_at is None or errand.closes_at == vote.closes_at
    return is_shown(vote) and vote.is_open and vote.opened_at is not None and speaks_of_now


def _has_statement(vote: Vote, _errand: Errand) -> bool:
    return is_shown(vote) and outcomes.of(vote) is not None


def _on_roll(vote: Vote, _errand: Errand) -> sa.Select[Any]:
    return electorates.on_roll(vote)


def _on_roll_at_opening(vote: Vote, errand: Errand) -> sa.Select[Any]:
    """Without those who came onto a roll that goes along: they were told when they did
    (`roll.follow`).
    """
    lines = electorates.on_roll(vote)
    return lines.where(Voter.created_at <= errand.created_at) if vote.roll_at == CLOSE else lines


def _silent(vote: Vote, errand: Errand) -> sa.Select[Any]:
    """Those whose ballot is missing; whoever asks for it knows it about themselves."""
    return reminders.silent(vote).where(Voter.user_id.is_distinct_from(errand.by_id))


def _telling(
    who: Who,
    stands: Callable[[Vote, Errand], bool],
    tell: Callable[[Vote, Errand, list[User]], None],
) -> Work:
    """People on the roll are told something: `tell` is given a slice of them."""

    def done(vote: Vote, errand: Errand, lines: Sequence[Voter]) -> int:
        tell(vote, errand, [line.user for line in lines])
        return len(lines)

    return Work(who, Voter.id, stands, done)


WORKS.update(
    {
        OPENED: _telling(
            _on_roll_at_opening,
            _has_opened,
            lambda vote, _errand, people: notices.opened(vote, people),
        ),
        ENDED: _telling(
            _on_roll,
            lambda vote, _errand: is_shown(vote) and vote.is_counted,
            lambda vote, _errand, people: notices.closed(vote, people),
        ),
        CALLED_OFF: _telling(
            _on_roll,
            lambda vote, _errand: vote.is_cancelled and vote.group.deleted_at is None,
            lambda vote, _errand, people: notices.cancelled(vote, people),
        ),
        REMINDER: _telling(
            _silent, _is_missed, lambda vote, _errand, people: notices.missed(vote, people, None)
        ),
        NUDGE: _telling(
            _silent,
            _is_missed,
            lambda vote, errand, people: notices.missed(vote, people, errand.by),
        ),
        OUTCOME: _telling(
            _on_roll,
            _has_statement,
            lambda vote, errand, people: notices.concluded(vote, people, errand.by),
        ),
        ANSWERS: Work(
            lambda vote, _errand: schedule_event.ballots_in(vote),
            Ballot.id,
            lambda vote, _errand: is_shown(vote) and schedule_event.takes_answers(vote),
            lambda vote, _errand, ballots: schedule_event.bring(vote, ballots),
        ),
    }
)
