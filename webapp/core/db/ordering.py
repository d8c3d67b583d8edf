"""Rows with an order of their own, in a column `position` that counts from 1."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from ..extensions import db


def number(rows: Sequence[Any]) -> None:
    """Number the rows in this order, without gaps.

    Goes through negative positions, so that two rows never have the same one. Takes three
    statements, however many rows there are. Reads the positions again: the rows may have been
    loaded before the caller's lock.
    """
    if not rows:
        return
    db.session.flush()
    model: Any = type(rows[0])
    known = db.session.execute(
        sa.select(model.id, model.position).where(model.id.in_([row.id for row in rows]))
    )
    current: dict[Any, int] = {row.id: row.position for row in known}
    moved = {
        row.id: position for position, row in enumerate(rows, 1) if current.get(row.id) != position
    }
    if moved:
        those = (
            sa.update(model).where(model.id.in_(moved)).execution_options(synchronize_session=False)
        )
        db.session.execute(those.values(position=-sa.case(moved, value=model.id)))
        db.session.execute(those.values(position=-model.position))
    for position, row in enumerate(rows, 1):
        set_committed_value(row, "position", position)


def move_up(rows: Sequence[Any], one: Any) -> None:
    """Move a row up by one. Do nothing for the first row, or for one that was deleted meanwhile."""
    if one in rows:
        _swap(rows, rows.index(one) - 1)


def move_down(rows: Sequence[Any], one: Any) -> None:
    """Move a row down by one.

    Do nothing for the last row, or for one that was deleted meanwhile.
    """
    if one in rows:
        _swap(rows, rows.index(one))


def _swap(rows: Sequence[Any], at: int) -> None:
    """Swap the rows at this index and the next, if both exist."""
    if 0 <= at < len(rows) - 1:
        number([*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]])
