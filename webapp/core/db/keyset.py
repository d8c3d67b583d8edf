"""Keyset pagination: each page starts at the row after the last one, so page 2,000 costs what page
1 does.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import request

from ..extensions import db
from .session import constant

#: At most this many rows are read for one page of search results, even if few match.
MOST_LOOKED_AT = 5000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Cursor(NamedTuple):
    """A row of a list ordered by time, then id. The page follows it, or precedes it if `before`."""

    moment: datetime
    id: uuid.UUID
    before: bool = False


class KeysetPage(NamedTuple):
    """One page of a list. `previous` and `next` are query strings such as `after=…`, or "".

    `numbered` adds the page number. `total` is None if unknown; `has_more` says that the count
    stopped at `total` although there are more.
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
        """The number of the first item in the whole list, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last item in the whole list."""
        return self.first + len(self.items) - 1

    def numbered(self, number: int, total: int | None, has_more: bool = False) -> "KeysetPage":
        """Return the same page with its number; its links carry the numbers of their pages."""
        previous = f"page={max(1, number - 1)}&{self.previous}" if self.previous else ""
        further = f"page={number + 1}&{self.next}" if self.next else ""
        return self._replace(
            previous=previous, next=further, number=number, total=total, has_more=has_more
        )


def requested_cursor() -> Cursor | None:
    """Return the cursor in `?after=` or `?before=`; None if it is missing or malformed."""
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
    query: sa.Select[Any],
    moment: Any,
    row_id: Any,
    cursor: Cursor | None,
    size: int,
    *,
    latest_first: bool = False,
    given: dict[str, Any] | None = None,
    among: sa.Select[Any] | None = None,
) -> KeysetPage:
    """Return at most `size` rows of the statement, starting at the cursor.

    `moment` and `row_id` are its columns; an index must hold them in this order. `given`: the
    statement's parameters. `among`: a statement for all rows that may be read; at most
    MOST_LOOKED_AT of those are read, and `next` continues from there.
    """
    back = cursor is not None and cursor.before
    way = _Way(moment, row_id, falling=latest_first is not back)
    edge = None
    if among is not None:
        looked_at = way.behind(among.with_only_columns(moment, row_id), cursor)
        last = looked_at.offset(constant(MOST_LOOKED_AT - 1)).limit(constant(1))
        edge = db.session.execute(last).one_or_none()
        query = query if edge is None else way.up_to(query, edge)
    chosen = way.behind(query, cursor).limit(constant(size + 1))
    rows = list(db.session.execute(chosen, given))
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
        rows, f"before={ends[0]}" if rows and cursor is not None else "", further, size
    )


def first_page(rows: list[Any], moment: Any, row_id: Any, size: int) -> KeysetPage:
    """The first page, from rows that were queried with a limit of `size + 1`."""
    name = _Way(moment, row_id, falling=False).name
    further = f"after={name(rows[size - 1])}" if len(rows) > size else ""
    return KeysetPage(rows[:size], "", further, size)


class _Way(NamedTuple):
    """The order in which a list is read."""

    moment: Any
    row_id: Any
    falling: bool

    def behind(self, query: sa.Select[Any], cursor: Cursor | None) -> sa.Select[Any]:
        """Add the condition "after the cursor" and the order."""
        if cursor is not None:
            here, there = self._key(), self._of(cursor.moment, cursor.id)
            query = query.where(here < there if self.falling else here > there)
        key = (self.moment, self.row_id)
        return query.order_by(*(column.desc() if self.falling else column for column in key))

    def up_to(self, query: sa.Select[Any], edge: Any) -> sa.Select[Any]:
        """Add the condition "not after the edge"."""
        here, there = self._key(), self._of(*edge)
        return query.where(here >= there if self.falling else here <= there)

    def name(self, row: Any) -> str:
        """Return the row's cursor as a query parameter."""
        since = (getattr(row, self.moment.key) - _EPOCH) // timedelta(microseconds=1)
        return f"{since}-{getattr(row, self.row_id.key)}"

    def _key(self) -> Any:
        return sa.tuple_(self.moment, self.row_id)

    def _of(self, moment: datetime, row_id: uuid.UUID) -> Any:
        return sa.tuple_(sa.literal(moment, self.moment.type), sa.literal(row_id, self.row_id.type))
