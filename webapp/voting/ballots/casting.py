"""Casting a ballot: each person on the electoral roll has one, and can change it until the vote
closes.

`secret.casting` casts ballots of secret votes, by the same rules.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from ...core import live
from ...core.db import database_clock
from ...core.db.session import locked
from ...core.extensions import db
from ...core.http.errors import Conflict
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
    """Cast or replace the ballot of `by`, with these marks or blank. Raises BallotRefused with all
    problems at once, and Conflict in a secret vote.

    A mark is an option's number and what was entered for it, as `choices.checked` takes them. The
    vote's row is locked before the clock is read, so a ballot is either in before closing or not at
    all. `version`: the version of the question that the person saw.
    """
    vote = locked(Vote, vote.id)
    if vote.is_secret:
        raise Conflict(
            _(
                "This vote is secret: its ballots have no names. Open its page again and cast "
                "yours there."
            )
        )
    now = database_clock.now()
    lifecycle.open_if_due(vote, now)
    settled = counting.rules_of(vote)
    choice, wrong = choices.checked(settled, marks, blank)
    wrong = [*wrong, *ballot_comments.problems(vote, reason)]
    if version is not None and version != vote.version:
        wrong = ["question_changed"]
    codes = [*out_of_time(vote, now), *not_entitled(vote, by), *wrong]
    if codes:
        raise BallotRefused(codes, settled)
    return _put(vote, by, choice, "" if vote.reasons == OFF else reason, now)


def out_of_time(vote: Vote, now: Any) -> list[str]:
    """Return why no ballots are accepted at this time of the database's clock, as codes."""
    if vote.cancelled_at is not None:
        return ["cancelled"]
    if vote.closed_at is not None or now >= vote.closes_at:
        return ["closed"]
    return [] if vote.opened_at is not None and now >= vote.opened_at else ["not_open"]


def not_entitled(vote: Vote, by: Any) -> list[str]:
    """Return why this person may not vote, as codes."""
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
