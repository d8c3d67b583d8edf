"""Storage of a vote's hash chain: a row per link, made by `chain` and added under the
vote's lock.
"""

import sqlalchemy as sa

from ...core.extensions import db
from ..models import SecretLink, Vote
from ..models.ballot import LINKS
from . import chain
from .chain import ChainLink

# `models` and `chain` can't import each other's constants, so compare them here.
assert LINKS == chain.KINDS

_COLUMNS = [getattr(SecretLink, name) for name in ChainLink._fields]


def all_of(vote: Vote) -> list[ChainLink]:
    """Return all links, the first one first."""
    query = sa.select(*_COLUMNS).where(SecretLink.vote_id == vote.id).order_by(SecretLink.seq)
    return [ChainLink(*row) for row in db.session.execute(query)]


def last(vote: Vote) -> ChainLink | None:
    """Return the head of the chain; None if the vote hasn't opened."""
    query = (
        sa.select(*_COLUMNS)
        .where(SecretLink.vote_id == vote.id)
        .order_by(SecretLink.seq.desc())
        .limit(1)
    )
    row = db.session.execute(query).one_or_none()
    return ChainLink(*row) if row is not None else None


def begin(vote: Vote, opened: str) -> ChainLink:
    """Add the first link, from the vote's opening hash."""
    return _add(vote, chain.first(opened))


def go_on(vote: Vote, kind: str, n: int | None, root: str, salt: str = "") -> ChainLink:
    """Add a link; with `n` None it repeats the last number of ballots.
    The caller must hold the vote's lock.
    """
    head = last(vote)
    assert head is not None, "a vote that opened has a first link"
    return _add(vote, chain.next_link(head, kind, head.n if n is None else n, root), salt)


def forget_salts(vote: Vote) -> None:
    """Delete the salts, so that nobody can try out which ballots an earlier link was made from."""
    salted = (
        sa.update(SecretLink)
        .where(SecretLink.vote_id == vote.id, SecretLink.salt != "")
        .values(salt="")
    )
    db.session.execute(salted.execution_options(synchronize_session=False))


def _add(vote: Vote, link: ChainLink, salt: str = "") -> ChainLink:
    db.session.execute(sa.insert(SecretLink).values(vote_id=vote.id, salt=salt, **link._asdict()))
    return link
