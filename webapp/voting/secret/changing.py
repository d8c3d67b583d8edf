"""Changing a secret ballot: whoever is signed in, has voted and shows a key. Nothing of the roll is
written or locked: PostgreSQL notes on a row who held it, and that would tell whose ballot
changed."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ...core import clock
from ...core.database import shared
from ...core.extensions import db
from .. import access, ballots, rules
from ..choices.typed import Mark
from ..models import SecretBallot, Vote
from ..reasons import BallotRefused
from . import keys
from .casting import weighed


def found(vote: Vote, by: Any, key_text: str) -> str:
    """What the ballot with this key says, for somebody who may change it now.

    Raises BallotRefused.
    """
    barred = [*ballots.out_of_time(vote, clock.database_now()), *ballots.not_entitled(vote, by)]
    key, wrong = _read(vote, by, key_text, barred)
    if wrong:
        raise BallotRefused(wrong, rules.of(vote))
    choice = db.session.scalar(sa.select(SecretBallot.choice).where(*_of_key(vote, key)))
    if choice is None:
        raise BallotRefused(["unknown_key"], rules.of(vote))
    return choice


def change(
    vote: Vote,
    by: Any,
    key_text: str,
    marks: Sequence[Mark] = (),
    blank: bool = False,
    version: int | None = None,
) -> None:
    """The ballot with this key bears these marks; the key stays the same. Raises BallotRefused."""
    vote = shared(Vote, vote.id)
    it = weighed(vote, by, marks, blank, version)
    key, wrong = _read(vote, by, key_text, it.barred)
    if wrong or it.wrong:
        raise BallotRefused([*wrong, *it.wrong], it.rules)
    says = {
        "choice": it.choice,
        "commitment": keys.commitment_of(str(vote.id), key, it.choice),
        "is_fresh": True,
    }
    changed = (
        sa.update(SecretBallot)
        .where(*_of_key(vote, key))
        .values(says)
        .execution_options(synchronize_session=False)
    )
    if not db.session.execute(changed).rowcount:  # type: ignore[attr-defined]
        raise BallotRefused(["unknown_key"], it.rules)


def _read(vote: Vote, by: Any, text: str, barred: list[str]) -> tuple[str, list[str]]:
    """The key as it was typed, and what bars `by` from using it: whoever has not voted has none."""
    try:
        key = keys.read(text)
    except keys.KeyTypo:
        return "", [*barred, "key_typo"]
    return key, barred if barred or access.has_voted(by, vote) else ["unknown_key"]


def _of_key(vote: Vote, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return SecretBallot.vote_id == vote.id, SecretBallot.tracker == keys.tracker_of(
        str(vote.id), key
    )
