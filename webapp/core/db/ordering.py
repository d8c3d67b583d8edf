"""Rows that are in an order of their own, by a column `position` that counts from 1."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from ..extensions import db


def number(rows: Sequence[Any]) -> None:
    """They are in this order, without a gap. By way of positions that nobody has: two never are on
    one.

    Three statements, however many rows; asked where they stand now, for they may have been read
    before the caller's lock.
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
    """`one` stands one position higher among them; the first stays where it is, and what someone
    has just removed is nowhere.
    """
    if one in rows:
        _swap(rows, rows.index(one) - 1)


def move_down(rows: Sequence[Any], one: Any) -> None:
    """`one` stands one position lower among them; the last stays where it is, and what someone has
    just removed is nowhere.
    """
    if one in rows:
        _swap(rows, rows.index(one))


def _swap(rows: Sequence[Any], at: int) -> None:
    """The row there and the next swap positions, where there are both."""
    if 0 <= at < len(rows) - 1:
        number([*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]])
