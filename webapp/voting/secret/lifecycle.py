"""Opening, extending, closing and cancelling a secret vote.

It opens with enough people, its opening record, an unmarked roll and the chain's first link. At
closing the box is mixed for the last time; when it's cancelled its ballots are deleted.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ...accounts.models import User
from ...core.extensions import db
from ...core.http.errors import UserError
from .. import access
from ..electorate import electorates, leavers
from ..models import FEWEST, SecretBallot, SecretRoll, Vote
from ..planning.plan import text_of
from ..results import counting
from . import chain, chain_store, mixing, opening_record, purge


def why_not(vote: Vote) -> str | None:
    """Return why the vote can't open as a secret one now, as a sentence, or None."""
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
    """Raises UserError if there are too few people and nobody is still to be invited."""
    refusal = None if electorates.needs_invitees(vote) else why_not(vote)
    if refusal is not None:
        raise UserError(refusal, "names")


def begin(vote: Vote, people: Iterable[User]) -> None:
    """Store the opening record, a roll row for each voter, and the chain's first link.
    The caller must hold the lock, and have written the electoral roll, the lot and the opening
    time.
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
        leavers=vote.leavers,
    )
    db.session.execute(
        sa.insert(SecretRoll), [{"vote_id": vote.id, "user_id": id, "voted": False} for id in ids]
    )
    chain_store.begin(vote, chain.opening_hash(vote.opening))


def extend(vote: Vote) -> None:
    """Add a link with the new closing time.
    It repeats the last known number of ballots.
    """
    chain_store.go_on(vote, chain.EXTEND, None, chain.extension_root(_epoch(vote.closes_at)))


def _options(vote: Vote) -> list[str]:
    """The options' titles, the same for readers of every language."""
    return [
        opening_record.span(option.starts_at, option.ends_at)
        if option.starts_at and option.ends_at
        else option.title
        for option in vote.options
    ]


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def seal(vote: Vote) -> None:
    """Count who left, mix the box and write its last link.
    The caller must hold the lock and have closed the vote.
    """
    if vote.opened_at is not None:
        purge.hold()
        if vote.leavers_are_uncounted:
            leavers.count([vote])
        chain_store.forget_salts(vote)
        mixing.linked(vote, chain.CLOSE)


def forget(vote: Vote) -> None:
    """Delete who voted and what was chosen, as nobody will count it; keep the chain.
    The caller must hold the lock.
    """
    if not vote.is_secret:
        return
    purge.hold()
    for model in (SecretBallot, SecretRoll):
        mixing.emptied(model, vote)
    chain_store.forget_salts(vote)
    purge.renew()
