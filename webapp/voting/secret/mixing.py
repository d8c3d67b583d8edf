"""Mixing the box: both tables are written again, the ballots in the order of their trackers, the
roll in the order of its people.

Before, each ballot stands beside the mark on the roll that was made with it: in PostgreSQL both
rows name their transaction and lie in the order in which they came. Afterwards all name this one,
and no older copy of them is left (`purge`).

A link of the chain says how many there are, and binds what they say, once so many have come or
changed that it is nobody's own moment. `decisions/0045`.
"""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ...core import live
from ...core.db.session import locked
from ...core.extensions import db
from ..models import FEWEST, SecretBallot, SecretRoll, Vote
from . import chain, chain_store, purge
from .ballots_csv import Paper, csv_of, root_of
from .chain import ChainLink

#: So often it is looked for boxes to be mixed, in seconds.
EVERY = 600


def due() -> list[UUID]:
    """The votes with so many ballots that came or changed since their last link, that a new one
    gives nobody away.
    """
    return _with_fresh(FEWEST)


def unmixed(group_id: UUID | None = None) -> list[UUID]:
    """Those with any, of this group or of all: before a backup all are mixed."""
    return _with_fresh(1, *([] if group_id is None else [Vote.group_id == group_id]))


def _with_fresh(least: int, *which: sa.ColumnElement[bool]) -> list[UUID]:
    fresh = sa.select(sa.func.count()).where(SecretBallot.vote_id == Vote.id, SecretBallot.is_fresh)
    running = (
        Vote.is_secret,
        Vote.opened_at.is_not(None),
        Vote.closed_at.is_(None),
        Vote.cancelled_at.is_(None),
    )
    query = sa.select(Vote.id).where(*running, *which, fresh.scalar_subquery() >= least)
    return list(db.session.scalars(query.order_by(Vote.id)))


def mix_due(vote_id: UUID) -> ChainLink | None:
    """The same as `mix`, where it is due still: of two clocks that found it so, the second would
    tell of those between them.
    """
    locked(Vote, vote_id)
    return mix(vote_id) if vote_id in due() else None


def mix(vote: Vote | UUID) -> ChainLink | None:
    """The box is mixed, and the chain and everyone know how many ballots there are; None where
    the vote runs no more.
    """
    held = locked(Vote, vote if isinstance(vote, UUID) else vote.id)
    if (
        not held.is_secret
        or held.opened_at is None
        or held.closed_at is not None
        or held.is_cancelled
    ):
        return None
    link = linked(held, chain.MIX, salt=secrets.token_hex(16))
    live.signal(f"vote:{held.id}:ballots")
    return link


def linked(vote: Vote, kind: str, salt: str = "") -> ChainLink:
    """The box is mixed and the chain a link of this kind longer. The caller holds the vote's lock.

    The root is of ballots.csv and the salt behind it: without one, all ballots and a little
    patience would tell which came later.
    """
    papers = stirred(vote, still_fresh=False)
    vote.ballot_count = len(papers)
    return chain_store.go_on(vote, kind, len(papers), root_of(csv_of(papers) + salt.encode()), salt)


def stir(vote_id: UUID) -> int:
    """The box is mixed, and nobody is told anything; gives how many ballots it holds.

    For backups, whenever they come.
    """
    return len(stirred(locked(Vote, vote_id), still_fresh=True))


def stirred(vote: Vote, still_fresh: bool) -> list[Paper]:
    """Every row of both tables that is the vote's is written again, in an order that says nothing;
    gives the ballots.

    `still_fresh`: what has not been in a link yet still waits for one. The caller holds the vote's
    lock.
    """
    purge.hold()
    columns = (
        SecretBallot.tracker,
        SecretBallot.choice,
        SecretBallot.commitment,
        SecretBallot.is_fresh,
    )
    box = db.session.execute(
        sa.select(*columns).where(SecretBallot.vote_id == vote.id).order_by(SecretBallot.tracker)
    ).all()
    people = sa.select(SecretRoll.user_id, SecretRoll.voted).where(SecretRoll.vote_id == vote.id)
    roll = db.session.execute(people.order_by(SecretRoll.user_id)).all()
    _anew(
        SecretBallot,
        vote,
        [{**row._asdict(), "is_fresh": row.is_fresh and still_fresh} for row in box],
    )
    _anew(SecretRoll, vote, [row._asdict() for row in roll])
    purge.renew()
    return [Paper(row.tracker, row.choice, row.commitment) for row in box]


def _anew(model: Any, vote: Vote, rows: Sequence[dict[str, Any]]) -> None:
    emptied(model, vote)
    if rows:
        db.session.execute(
            sa.insert(model.__table__), [{"vote_id": vote.id, **row} for row in rows]
        )


def emptied(model: Any, vote: Vote) -> None:
    """No row of this table is the vote's."""
    db.session.execute(
        sa.delete(model)
        .where(model.vote_id == vote.id)
        .execution_options(synchronize_session=False)
    )
