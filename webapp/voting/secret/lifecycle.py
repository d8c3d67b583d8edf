"""A secret vote opens, gets a later end, closes, or is cancelled.

It opens with enough people, its opening record, the roll without a mark, and the chain's first
link. At closing the box is mixed for the last time; when it's cancelled its ballots are deleted.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from ...accounts.models import User
from ...core.extensions import db
from ...core.http.errors import UserError
from .. import access
from ..electorate import electorates
from ..models import FEWEST, SecretBallot, SecretRoll, Vote
from ..planning.plan import text_of
from ..results import counting
from . import chain, chain_store, mixing, opening_record, purge


def why_not(vote: Vote) -> str | None:
    """Why the vote cannot open as a secret one now, in a sentence; None where it can."""
    if not vote.is_secret:
        return None
    people = (
        db.session.scalar(sa.select(sa.func.count()).select_from(access.electors(vote).subquery()))
        or 0
    )
    if people >= FEWEST:
        return None
    few = _(
        "A secret vote needs at least %(fewest)s people who can vote. With fewer, the result could "
        "reveal who chose what.",
        fewest=FEWEST,
    )
    return f"{few} {ngettext('This one has 1.', 'This one has %(num)d.', people)}"


def require(vote: Vote) -> None:
    """Returns when there are people enough, or are to be invited yet. Raises UserError."""
    refusal = None if electorates.needs_invitees(vote) else why_not(vote)
    if refusal is not None:
        raise UserError(refusal, "names")


def begin(vote: Vote, people: Iterable[User]) -> None:
    """What the vote asks, by which rules and of whom stands as it is now, and everyone on the roll
    can cast one ballot.

    The caller holds the lock, and has written roll, lot and the moment of opening.
    """
    assert vote.opened_at is not None
    assert vote.lot_commitment is not None
    ids = sorted(person.id for person in people)
    vote.opening = opening_record.opening(
        poll=str(vote.id),
        title=vote.title,
        text=text_of(vote),
        options=_options(vote),
        rules=counting.rules_of(vote),
        commitment=vote.lot_commitment,
        opens=_epoch(vote.opened_at),
        closes=_epoch(vote.closes_at),
        roll=map(str, ids),
    )
    db.session.execute(
        sa.insert(SecretRoll), [{"vote_id": vote.id, "user_id": id, "voted": False} for id in ids]
    )
    chain_store.begin(vote, chain.opening_hash(vote.opening))


def extend(vote: Vote) -> None:
    """Its chain says that the vote ends at another moment.

    The number of ballots is told as of before.
    """
    chain_store.go_on(vote, chain.EXTEND, None, chain.extension_root(_epoch(vote.closes_at)))


def _options(vote: Vote) -> list[str]:
    """What there is to choose from, the same for readers of every language."""
    return [
        opening_record.span(option.starts_at, option.ends_at)
        if option.starts_at and option.ends_at
        else option.title
        for option in vote.options
    ]


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def seal(vote: Vote) -> None:
    """The box is mixed, and its last link written.

    The caller holds the lock, and has closed the vote.
    """
    if vote.opened_at is not None:
        purge.hold()
        chain_store.forget_salts(vote)
        mixing.linked(vote, chain.CLOSE)


def forget(vote: Vote) -> None:
    """Who voted and what was chosen is gone, for nobody will count it any more; the chain stays.

    The caller holds the lock.
    """
    if not vote.is_secret:
        return
    purge.hold()
    for model in (SecretBallot, SecretRoll):
        mixing.emptied(model, vote)
    chain_store.forget_salts(vote)
    purge.renew()
