"""The fan-outs of a vote: who is notified, until when it's still relevant, and what is sent."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.jobs.fan_out import AUDIENCES, Audience, FanOut
from . import notices
from .electorate import electorates, reminders
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
    Vote,
    Voter,
)
from .results import outcomes, schedule_event


def _vote(vote_id: UUID) -> Vote | None:
    return db.session.get(Vote, vote_id)


def _asker(row: FanOut) -> User | None:
    return db.session.get(User, row.by_id) if row.by_id is not None else None


def _is_shown(vote: Vote) -> bool:
    """Whether people can see the vote: neither it nor its group is gone, and it isn't cancelled or
    hidden.
    """
    is_current = vote.cancelled_at is None and vote.deleted_at is None and vote.hidden_at is None
    return is_current and vote.group.deleted_at is None


def _has_opened(vote: Vote, _row: FanOut) -> bool:
    """Whether ballots are still accepted. People not reached before closing are notified of the
    result only.
    """
    return _is_shown(vote) and vote.opened_at is not None and vote.closed_at is None


def _is_missed(vote: Vote, row: FanOut) -> bool:
    """Whether ballots are still accepted, and a reminder still names the right closing time."""
    speaks_of_now = row.reminder_for is None or row.reminder_for == vote.closes_at
    return _is_shown(vote) and vote.is_open and vote.opened_at is not None and speaks_of_now


def _has_statement(vote: Vote, _row: FanOut) -> bool:
    return _is_shown(vote) and outcomes.of(vote) is not None


def _on_roll(vote: Vote, _row: FanOut) -> sa.Select[Any]:
    return electorates.on_roll(vote)


def _on_roll_at_opening(vote: Vote, row: FanOut) -> sa.Select[Any]:
    """Without people added to an electoral roll that stays open: `roll.follow` notified them
    already.
    """
    lines = electorates.on_roll(vote)
    return lines.where(Voter.created_at <= row.created_at) if vote.roll_at == CLOSE else lines


def _silent(vote: Vote, row: FanOut) -> sa.Select[Any]:
    """Select the voters without a ballot, except the person who sends the reminder."""
    return reminders.nonvoters(vote).where(Voter.user_id.is_distinct_from(row.by_id))


def _audience(
    who: Callable[[Vote, FanOut], sa.Select[Any]],
    is_current: Callable[[Vote, FanOut], bool],
    tell: Callable[[Vote, FanOut, list[User]], None],
) -> Audience:
    """Return an Audience of people on the electoral roll; `tell` notifies a batch of them."""

    def reach(vote: Vote, row: FanOut, lines: Sequence[Voter]) -> None:
        tell(vote, row, [line.user for line in lines])

    return Audience(_vote, who, Voter.id, is_current, reach)


AUDIENCES.update(
    {
        OPENED: _audience(
            _on_roll_at_opening,
            _has_opened,
            lambda vote, _row, people: notices.opened(vote, people),
        ),
        ENDED: _audience(
            _on_roll,
            lambda vote, _row: _is_shown(vote) and vote.is_counted,
            lambda vote, _row, people: notices.closed(vote, people),
        ),
        CALLED_OFF: _audience(
            _on_roll,
            lambda vote, _row: vote.is_cancelled and vote.group.deleted_at is None,
            lambda vote, row, people: notices.cancelled(vote, people, _asker(row)),
        ),
        **dict.fromkeys(
            (REMINDER, NUDGE),
            _audience(
                _silent,
                _is_missed,
                lambda vote, row, people: notices.missed(vote, people, _asker(row)),
            ),
        ),
        OUTCOME: _audience(
            _on_roll,
            _has_statement,
            lambda vote, row, people: notices.concluded(vote, people, _asker(row)),
        ),
        ANSWERS: Audience(
            _vote,
            lambda vote, _row: schedule_event.ballots_in(vote),
            Ballot.id,
            lambda vote, _row: _is_shown(vote) and schedule_event.takes_answers(vote),
            lambda vote, _row, ballots: schedule_event.import_ballots(vote, ballots),
        ),
    }
)
