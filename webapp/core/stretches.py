"""Long lists without numbers: a stretch begins where the one before it ended, so that the last costs what the first does."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import request

from .extensions import db

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """A row in a list that is ordered by a moment and then by the id; the stretch lies behind it, or `before` it."""

    moment: datetime
    id: uuid.UUID
    before: bool = False


class Stretch(NamedTuple):
    """Some of a list; `previous` and `next` are queries that lead on, such as `after=…`, or nothing."""

    items: list[Any]
    previous: str
    next: str


def place_asked_for() -> Place | None:
    """The place that the address names by `?after=` or `?before=`; None for the beginning, and for nonsense."""
    for name in ("after", "before"):
        moment, _, row_id = request.args.get(name, "").partition("-")
        try:
            return Place(_EPOCH + timedelta(microseconds=int(moment)), uuid.UUID(row_id), before=name == "before")
        except (ValueError, OverflowError):
            continue
    return None


def stretch_of(
    wanted: sa.Select[Any], moment: Any, row_id: Any, place: Place | None, size: int, latest_first: bool = False
) -> Stretch:
    """At most `size` rows of the statement from the place on, in one statement that reads only these.

    `moment` and `row_id` are columns of it, and an index holds them in this order.
    """
    back = place is not None and place.before
    falling = latest_first is not back
    if place is not None:
        there = sa.tuple_(sa.literal(place.moment, moment.type), sa.literal(place.id, row_id.type))
        wanted = wanted.where(sa.tuple_(moment, row_id) < there if falling else sa.tuple_(moment, row_id) > there)
    order = (moment.desc(), row_id.desc()) if falling else (moment, row_id)
    rows = list(db.session.execute(wanted.order_by(*order).limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if back:
        rows.reverse()
    if not rows:
        return Stretch([], "", "")
    first, last = _name(rows[0], moment, row_id), _name(rows[-1], moment, row_id)
    previous = f"before={first}" if place is not None and (more or not back) else ""
    return Stretch(rows, previous, f"after={last}" if more or back else "")


def _name(row: Any, moment: Any, row_id: Any) -> str:
    return f"{(getattr(row, moment.key) - _EPOCH) // timedelta(microseconds=1)}-{getattr(row, row_id.key)}"
