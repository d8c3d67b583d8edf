"""Casting a secret ballot: the roll says that somebody voted, the box holds one ballot more, and nothing says both.

Whatever else a request writes, it writes not in this transaction, and nothing beside it that names the person: no signal, no
letter, no line in the audit log, no last-seen time (the route calls `accounts.loader.unseen`). Until the next mix the two rows
share the transaction that wrote them; afterwards nothing (`mixing`).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from ...core import clock
from ...core.database import shared
from ...core.extensions import db
from .. import access, ballots, choices, rules
from ..choices.typed import Mark
from ..models import SecretBallot, SecretRoll, Vote
from ..reasons import BallotRefused
from ..tally.rules import Rules
from . import keys


class Weighed(NamedTuple):
    """What somebody sent: the choice string, what bars them from the vote now, and what is wrong with the ballot."""

    rules: Rules
    choice: str
    barred: list[str]
    wrong: list[str]


def cast(vote: Vote, by: Any, marks: Sequence[Mark] = (), blank: bool = False, version: int | None = None) -> str:
    """A ballot with these marks is in the box; gives its key, which nothing else knows. Raises BallotRefused.

    The vote is held before the clock is read, so that the ballot is in before closing or not at all; others cast beside this one.
    """
    vote = shared(Vote, vote.id)
    it = weighed(vote, by, marks, blank, version)
    wrong = ["already_voted"] if not it.barred and access.has_voted(by, vote) else it.wrong
    if it.barred or wrong:
        raise BallotRefused([*it.barred, *wrong], it.rules)
    if not _mark(vote, by):
        raise BallotRefused(["already_voted"], it.rules)
    key, poll = keys.fresh(), str(vote.id)
    ballot = {"tracker": keys.tracker_of(poll, key), "commitment": keys.commitment_of(poll, key, it.choice)}
    db.session.execute(sa.insert(SecretBallot).values(vote_id=vote.id, choice=it.choice, is_fresh=True, **ballot))
    return key


def weighed(vote: Vote, by: Any, marks: Sequence[Mark], blank: bool, version: int | None) -> Weighed:
    """What stands for and against a ballot of `by`'s at this moment. The caller holds the vote."""
    now, settled = clock.database_now(), rules.of(vote)
    choice, wrong = choices.checked(settled, marks, blank)
    if version is not None and version != vote.version:
        wrong = ["question_changed"]
    return Weighed(settled, choice, [*ballots.out_of_time(vote, now), *ballots.not_entitled(vote, by)], wrong)


def _mark(vote: Vote, by: Any) -> bool:
    """The roll says that `by` has voted; False where it said so before."""
    mine = (SecretRoll.vote_id == vote.id, SecretRoll.user_id == by.id, ~SecretRoll.voted)
    marked = sa.update(SecretRoll).where(*mine).values(voted=True).execution_options(synchronize_session=False)
    return bool(db.session.execute(marked).rowcount)  # type: ignore[attr-defined]
