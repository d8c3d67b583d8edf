"""Casting and changing a secret ballot.

The electoral roll says that someone voted and the box holds one more ballot, but nothing links the
two. To change a ballot, someone who is signed in and has voted enters its key. That writes and
locks no row of the roll: PostgreSQL notes on a row which transaction held it, which would reveal
whose ballot changed.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from ...core.db import database_clock
from ...core.db.session import rows_changed, shared
from ...core.extensions import db
from ...core.http import tokens
from .. import access
from ..ballots import casting, choices
from ..ballots.choices import Mark
from ..ballots.refusals import BallotRefused
from ..models import SecretBallot, SecretRoll, Vote
from ..results import counting
from ..tally.rules import Rules
from . import keys

#: Shorter ones weren't drawn by `core.db.idempotency`.
WORD = 24


class Weighed(NamedTuple):
    """A submitted ballot: its choice string, why the person may not vote now, and what is wrong
    with the ballot.
    """

    rules: Rules
    choice: str
    barred: list[str]
    wrong: list[str]


def cast(
    vote: Vote,
    by: Any,
    marks: Sequence[Mark] = (),
    blank: bool = False,
    version: int | None = None,
    word: str = "",
) -> str:
    """Put a ballot with these marks in the box; return its key, which isn't stored. Raises
    BallotRefused.

    The vote is locked before the clock is read, so that the ballot is either in before closing or
    not at all; the lock is shared, so others can cast at the same time. If the form's idempotency
    `word` shows that the same form was sent before, unchanged, return the key of that ballot.
    """
    vote = shared(Vote, vote.id)
    it = weighed(vote, by, marks, blank, version)
    candidates, has_voted = _keys(vote, by, it.choice, word), access.has_voted(by, vote)
    if not (has_voted or it.barred or it.wrong):
        if _mark(vote, by):
            _put(vote, candidates[0], it.choice)
            return candidates[0]
        has_voted = True  # since we looked
    if has_voted and not it.wrong:
        for key in candidates:
            if _is_in(vote, key, it.choice):
                return key
    wrong = ["already_voted"] if has_voted and not it.barred else it.wrong
    raise BallotRefused([*it.barred, *wrong], it.rules)


def weighed(
    vote: Vote, by: Any, marks: Sequence[Mark], blank: bool, version: int | None
) -> Weighed:
    """Check a ballot of `by` at this moment. The caller must have locked the vote."""
    now, settled = database_clock.now(), counting.rules_of(vote)
    choice, wrong = choices.checked(settled, marks, blank)
    if version is not None and version != vote.version:
        wrong = ["question_changed"]
    return Weighed(
        settled, choice, [*casting.out_of_time(vote, now), *casting.not_entitled(vote, by)], wrong
    )


def _keys(vote: Vote, by: Any, choice: str, word: str) -> list[str]:
    """The possible keys of a ballot. A form sent twice gives the same key. Nobody can derive it
    without the form's word, the site's secret and the person. Without a word from our form the key
    is random. While SECRET_KEY is being replaced, the second key is the one from the old secret.
    """
    if len(word) < WORD:
        return [keys.fresh()]
    form = "\n".join((str(vote.id), str(by.id), choice, word))
    prints = tokens.fingerprints("secret-ballot", form)
    return [keys.written(int(one, 16) & (1 << keys.BITS) - 1) for one in prints]


def _put(vote: Vote, key: str, choice: str) -> None:
    poll = str(vote.id)
    ballot = {
        "tracker": keys.tracker_of(poll, key),
        "commitment": keys.commitment_of(poll, key, choice),
    }
    db.session.execute(
        sa.insert(SecretBallot).values(vote_id=vote.id, choice=choice, is_fresh=True, **ballot)
    )


def _is_in(vote: Vote, key: str, choice: str) -> bool:
    """Whether the box holds a ballot with this key and choice. Reads without locking."""
    mine = (
        SecretBallot.vote_id == vote.id,
        SecretBallot.tracker == keys.tracker_of(str(vote.id), key),
    )
    return bool(
        db.session.scalar(sa.select(sa.exists().where(*mine, SecretBallot.choice == choice)))
    )


def _mark(vote: Vote, by: Any) -> bool:
    """Mark on the electoral roll that `by` has voted; return False if already marked."""
    mine = (SecretRoll.vote_id == vote.id, SecretRoll.user_id == by.id, ~SecretRoll.voted)
    marked = (
        sa.update(SecretRoll)
        .where(*mine)
        .values(voted=True)
        .execution_options(synchronize_session=False)
    )
    return bool(rows_changed(marked))


def found(vote: Vote, by: Any, key_text: str) -> str:
    """Return the choice of the ballot with this key, for someone who may change it now.
    Raises BallotRefused.
    """
    barred = [*casting.out_of_time(vote, database_clock.now()), *casting.not_entitled(vote, by)]
    key, wrong = _read(vote, by, key_text, barred)
    if wrong:
        raise BallotRefused(wrong, counting.rules_of(vote))
    choice = db.session.scalar(sa.select(SecretBallot.choice).where(*_of_key(vote, key)))
    if choice is None:
        raise BallotRefused(["unknown_key"], counting.rules_of(vote))
    return choice


def change(
    vote: Vote,
    by: Any,
    key_text: str,
    marks: Sequence[Mark] = (),
    blank: bool = False,
    version: int | None = None,
) -> None:
    """Change the ballot with this key; the key stays the same. Raises BallotRefused."""
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
    if not rows_changed(changed):
        raise BallotRefused(["unknown_key"], it.rules)


def _read(vote: Vote, by: Any, text: str, barred: list[str]) -> tuple[str, list[str]]:
    """Parse the key, and return why `by` can't use it. Someone who hasn't voted has no key."""
    try:
        key = keys.read(text)
    except keys.KeyTypo:
        return "", [*barred, "key_typo"]
    return key, barred if barred or access.has_voted(by, vote) else ["unknown_key"]


def _of_key(vote: Vote, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return SecretBallot.vote_id == vote.id, SecretBallot.tracker == keys.tracker_of(
        str(vote.id), key
    )
