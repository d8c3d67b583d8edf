"""Muting and blocking people.

The other person can't notice it.
"""

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager

from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from .models import BLOCK, BLOCKS_AND_MUTES, MUTE, BlockOrMute, User


def block_or_mute(user: User, other: User, kind: str) -> None:
    """Mute or block `other` for `user`, replacing the previous choice."""
    if user.id == other.id:
        raise UserError(_("That’s you. Choose someone else."))
    if kind not in BLOCKS_AND_MUTES:
        raise UserError(_("Choose one of the two."), field="kind")
    locked(User, user.id)
    row = between(user, other)
    if row is None:
        db.session.add(BlockOrMute(user_id=user.id, other_id=other.id, kind=kind))
    else:
        row.kind = kind
    db.session.flush()


def end(user: User, other: User) -> None:
    """End muting and blocking of `other` by `user`."""
    db.session.execute(
        sa.delete(BlockOrMute).where(
            BlockOrMute.user_id == user.id, BlockOrMute.other_id == other.id
        )
    )


def between(user: User, other: User) -> BlockOrMute | None:
    """Return how `user` blocked or muted `other`, or None."""
    return db.session.scalar(
        sa.select(BlockOrMute).where(
            BlockOrMute.user_id == user.id, BlockOrMute.other_id == other.id
        )
    )


def of(user: User) -> list[BlockOrMute]:
    """Return whom `user` muted or blocked, with the people loaded, latest first."""
    people = (
        sa.select(BlockOrMute).join(BlockOrMute.other).options(contains_eager(BlockOrMute.other))
    )
    return list(
        db.session.scalars(
            people.where(BlockOrMute.user_id == user.id).order_by(
                BlockOrMute.created_at.desc(), BlockOrMute.id
            )
        )
    )


def muted_or_blocked_by(
    by: User, users: Iterable[uuid.UUID], writes: bool = False
) -> set[uuid.UUID]:
    """Return those of `users` who get no notifications about what `by` does.

    With `writes`, return those who get no messages from `by`: those who blocked them.
    """
    kinds = (BLOCK,) if writes else (MUTE, BLOCK)
    rows = sa.select(BlockOrMute.user_id).where(
        BlockOrMute.other_id == by.id, BlockOrMute.kind.in_(kinds)
    )
    return set(db.session.scalars(rows.where(BlockOrMute.user_id.in_(list(users)))))


def has_blocked(user: User, by: User) -> bool:
    """Whether `user` has blocked `by`: messages and invitations from `by` aren't delivered."""
    return bool(muted_or_blocked_by(by, [user.id], writes=True))


def blockers_of(by_id: Any, user_id: uuid.UUID) -> sa.ColumnElement[bool]:
    """The condition that `user_id` has blocked the person in the column `by_id`."""
    return sa.exists().where(
        BlockOrMute.user_id == user_id, BlockOrMute.other_id == by_id, BlockOrMute.kind == BLOCK
    )


def apart(user_id: uuid.UUID, other_id: Any) -> sa.ColumnElement[bool]:
    """The condition that `user_id` muted or blocked the person in the column `other_id`, or was
    blocked by them.
    """
    kept = sa.and_(BlockOrMute.user_id == user_id, BlockOrMute.other_id == other_id)
    blocked = sa.and_(
        BlockOrMute.user_id == other_id, BlockOrMute.other_id == user_id, BlockOrMute.kind == BLOCK
    )
    return sa.or_(sa.exists().where(kept), sa.exists().where(blocked))


def apart_from(user: User, others: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of `others` for whom `apart` holds."""
    ids = list(others)
    if not ids:
        return set()
    return set(
        db.session.scalars(sa.select(User.id).where(User.id.in_(ids), apart(user.id, User.id)))
    )


def erase(user: User) -> None:
    """Delete whom `user` muted or blocked, and who did so to them."""
    db.session.execute(
        sa.delete(BlockOrMute).where(
            sa.or_(BlockOrMute.user_id == user.id, BlockOrMute.other_id == user.id)
        )
    )
