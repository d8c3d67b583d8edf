"""Mixing the box: rewrite both tables, the ballots in the order of their trackers, the electoral
roll in the order of its people.

Before mixing, a ballot can be linked to the mark on the roll made with it: in PostgreSQL both rows
hold their transaction's id and lie in order of arrival. Afterwards all rows have the same
transaction, and no older copies are left (`purge`).
A link of the chain commits to the ballots and their number once enough were added or changed that
the time reveals nobody's ballot. `decisions/0045`.
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

#: How often to look for boxes to mix, in seconds.
EVERY = 600


def due() -> list[UUID]:
    """Return the votes with enough ballots added or changed since their last link that a new link
    reveals nobody's.
    """
    return _with_fresh(FEWEST)


def unmixed(group_id: UUID | None = None) -> list[UUID]:
    """Return the votes with any such ballots, of this group or of all: a backup mixes all of them
    first.
    """
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
    """Mix the vote if it's still due. If two processes found it due, a second link would reveal the
    ballots cast between the two.
    """
    locked(Vote, vote_id)
    return mix(vote_id) if vote_id in due() else None


def mix(vote: Vote | UUID) -> ChainLink | None:
    """Mix the box, add a link and publish the number of ballots. Return None if the vote isn't
    open.
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
    """Mix the box and add a link of this kind. The caller must hold the vote's lock.
    The root hashes ballots.csv followed by the salt: without it, someone who knows all ballots
    could find out by trial which came later. The last one commits to the number of people who left,
    too, if that is published.
    """
    papers = stirred(vote, still_fresh=False)
    vote.ballot_count = len(papers)
    left = vote.left_count if len(papers) >= FEWEST else 0
    root = root_of(csv_of(papers) + salt.encode(), left)
    return chain_store.go_on(vote, kind, len(papers), root, salt)


def stir(vote_id: UUID) -> int:
    """Mix the box without a link or a signal; return how many ballots it holds.
    For backups, which can come at any time.
    """
    return len(stirred(locked(Vote, vote_id), still_fresh=True))


def stirred(vote: Vote, still_fresh: bool) -> list[Paper]:
    """Rewrite all of the vote's rows in both tables, in an order that reveals nothing; return the
    ballots.

    `still_fresh`: ballots not yet in a link stay marked as fresh. The caller must hold the vote's
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
    """Delete the vote's rows from this table."""
    db.session.execute(
        sa.delete(model)
        .where(model.vote_id == vote.id)
        .execution_options(synchronize_session=False)
    )
