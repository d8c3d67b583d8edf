"""Casting a ballot: one for each person on the roll, taken between opening and closing, changed
until then.

A secret vote's are cast in `secret.casting`, by the same rules.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from ...core import live
from ...core.db.session import locked
from ...core.extensions import db
from ...core.http.errors import Conflict
from ...core.time import clock
from .. import access, reads
from ..electorate import roll
from ..models import OFF, Ballot, Vote
from ..planning import lifecycle
from ..results import counting
from . import ballot_comments, choices
from .choices import Mark
from .refusals import BallotRefused


def cast(
    vote: Vote,
    by: Any,
    marks: Sequence[Mark] = (),
    blank: bool = False,
    version: int | None = None,
    reason: str = "",
) -> Ballot:
    """The one ballot of `by` bears these marks, or none when `blank`. Raises BallotRefused with
    every reason at once.

    A mark is an option's number and what was entered for it, as `choices.checked` takes them. The
    vote's row is locked before the clock is read, so that a ballot is either in before closing or
    not at all. `version` is the question's that the person saw.
    """
    vote = locked(Vote, vote.id)
    if vote.is_secret:
        raise Conflict(
            _(
                "This vote is secret: its ballots have no names. Open its page again and cast "
                "yours there."
            )
        )
    now = clock.database_now()
    lifecycle.open_if_due(vote, now)
    settled = counting.rules_of(vote)
    choice, wrong = choices.checked(settled, marks, blank)
    wrong = [*wrong, *ballot_comments.problems(vote, reason)]
    if version is not None and version != vote.version:
        wrong = ["question_changed"]
    reasons = [*out_of_time(vote, now), *not_entitled(vote, by), *wrong]
    if reasons:
        raise BallotRefused(reasons, settled)
    return _put(vote, by, choice, "" if vote.reasons == OFF else reason, now)


def out_of_time(vote: Vote, now: Any) -> list[str]:
    """Why no ballot is taken at this moment of the database's clock, as codes."""
    if vote.cancelled_at is not None:
        return ["cancelled"]
    if vote.closed_at is not None or now >= vote.closes_at:
        return ["closed"]
    return [] if vote.opened_at is not None and now >= vote.opened_at else ["not_open"]


def not_entitled(vote: Vote, by: Any) -> list[str]:
    """Why none of `by`'s is, as codes."""
    if vote.opened_at is None or vote.is_roll_open:
        return [] if access.is_entitled(by, vote) else ["not_on_roll"]
    voter = access.voter_of(by, vote)
    if voter is None:
        return ["not_on_roll"]
    return ["left"] if voter.left_at is not None else []


def _put(vote: Vote, by: Any, choice: str, reason: str, now: Any) -> Ballot:
    if vote.is_roll_open:
        roll.note(vote, by)
    ballot = reads.ballot_of(by, vote)
    if ballot is None:
        ballot = Ballot(vote_id=vote.id, user_id=by.id)
        db.session.add(ballot)
        vote.ballot_count += 1
    ballot.choice, ballot.reason, ballot.changed_at = choice, reason, now
    db.session.flush()
    live.signal(f"vote:{vote.id}:ballots")
    return ballot
