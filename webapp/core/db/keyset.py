"""Long lists without numbers: a stretch begins where the one before it ended, so that the last
costs what the first does.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import request

from ..extensions import db

#: How much of a long list one search reads, however little fits.
MOST_LOOKED_AT = 5000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Cursor(NamedTuple):
    """A row in a list that is ordered by a moment and then by the id; the stretch lies behind
    it, or `before` it.
    """

    moment: datetime
    id: uuid.UUID
    before: bool = False


class KeysetPage(NamedTuple):
    """Some of a list; `previous` and `next` are queries that lead on, such as `after=…`, or
    nothing.

    `numbered` says the place in the whole, too, where `total` is known: `has_more`, it ends there,
    but there is more.
    """

    items: list[Any]
    previous: str
    next: str
    size: int = 0
    number: int = 1
    total: int | None = None
    has_more: bool = False

    @property
    def first(self) -> int:
        """The place of the first item in the whole, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of the last item in the whole."""
        return self.first + len(self.items) - 1

    def numbered(self, number: int, total: int | None, has_more: bool = False) -> "KeysetPage":
        """The same as a page that knows its number, with the neighbours' in the queries that
        lead to them.
        """
        previous = f"page={max(1, number - 1)}&{self.previous}" if self.previous else ""
        further = f"page={number + 1}&{self.next}" if self.next else ""
        return self._replace(
            previous=previous, next=further, number=number, total=total, has_more=has_more
        )


def requested_cursor() -> Cursor | None:
    """The place that the address names by `?after=` or `?before=`; None for the beginning, and
    for nonsense.
    """
    for name in ("after", "before"):
        moment, _, row_id = request.args.get(name, "").partition("-")
        try:
            return Cursor(
                _EPOCH + timedelta(microseconds=int(moment)),
                uuid.UUID(row_id),
                before=name == "before",
            )
        except (ValueError, OverflowError):
            continue
    return None


def keyset_page(
    wanted: sa.Select[Any], moment: Any, row_id: Any, place: Cursor | None, size: int, **how: Any
) -> KeysetPage:
    """At most `size` rows of the statement from the place on.

    `moment` and `row_id` are columns of it, and an index holds them in this order. `how`:
    `latest_first`; `given`, what the statement's parameters stand for; and `among`, a statement for
    all rows that may be looked at, of which no more than MOST_LOOKED_AT are: `next` then leads on
    from there.
    """
    back = place is not None and place.before
    way = _Way(moment, row_id, falling=how.get("latest_first", False) is not back)
    edge = None
    if how.get("among") is not None:
        looked_at = way.behind(how["among"].with_only_columns(moment, row_id), place)
        edge = db.session.execute(looked_at.offset(MOST_LOOKED_AT - 1).limit(1)).one_or_none()
        wanted = wanted if edge is None else way.up_to(wanted, edge)
    rows = list(db.session.execute(way.behind(wanted, place).limit(size + 1), how.get("given")))
    more, rows = len(rows) > size, rows[:size]
    ends = [way.name(rows[0]), way.name(rows[-1])] if rows else ["", ""]
    further = (
        f"{'before' if back else 'after'}={ends[1] if more else way.name(edge)}"
        if more or edge is not None
        else ""
    )
    if back:
        return KeysetPage(rows[::-1], further, f"after={ends[0]}" if rows else "", size)
    return KeysetPage(
        rows, f"before={ends[0]}" if rows and place is not None else "", further, size
    )


def first_page(rows: list[Any], moment: Any, row_id: Any, size: int) -> KeysetPage:
    """The beginning of a list, of rows of which one more than `size` was asked for."""
    name = _Way(moment, row_id, falling=False).name
    further = f"after={name(rows[size - 1])}" if len(rows) > size else ""
    return KeysetPage(rows[:size], "", further, size)


class _Way(NamedTuple):
    """The order in which a list is read."""

    moment: Any
    row_id: Any
    falling: bool

    def behind(self, wanted: sa.Select[Any], place: Cursor | None) -> sa.Select[Any]:
        """What lies behind the place, in order."""
        if place is not None:
            here, there = self._key(), self._of(place.moment, place.id)
            wanted = wanted.where(here < there if self.falling else here > there)
        key = (self.moment, self.row_id)
        return wanted.order_by(*(column.desc() if self.falling else column for column in key))

    def up_to(self, wanted: sa.Select[Any], edge: Any) -> sa.Select[Any]:
        """What does not lie behind the edge."""
        here, there = self._key(), self._of(*edge)
        return wanted.where(here >= there if self.falling else here <= there)

    def name(self, row: Any) -> str:
        """The row's place as the address names it."""
        since = (getattr(row, self.moment.key) - _EPOCH) // timedelta(microseconds=1)
        return f"{since}-{getattr(row, self.row_id.key)}"

    def _key(self) -> Any:
        return sa.tuple_(self.moment, self.row_id)

    def _of(self, moment: datetime, row_id: uuid.UUID) -> Any:
        return sa.tuple_(sa.literal(moment, self.moment.type), sa.literal(row_id, self.row_id.type))
