"""Rows that stand in an order of their own, by a column `place` that counts from 1."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from .extensions import db


def number(rows: Sequence[Any]) -> None:
    """They stand in this order, without a gap. By way of places that nobody has: two never stand on one."""
    for row in rows:
        db.session.execute(sa.update(type(row)).where(type(row).id == row.id).values(place=-row.place))
    for place, row in enumerate(rows, 1):
        db.session.execute(sa.update(type(row)).where(type(row).id == row.id).values(place=place))


def rise(rows: Sequence[Any], one: Any) -> None:
    """`one` stands a place higher among them; the first stays where it is."""
    place = rows.index(one)
    if place:
        number([*rows[: place - 1], one, rows[place - 1], *rows[place + 1 :]])
