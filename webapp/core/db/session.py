"""Reading rows, locking them, and writing during a GET."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache, wraps
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import NotFound

from ..extensions import db
from ..time import clock
from .base import UtcDateTime
from .engine import reading

Row = TypeVar("Row")


class _BoundUser:
    """A user whose id is a parameter: for building cached statements."""

    id = sa.bindparam("reader", type_=sa.Uuid)


def cached_statement(build: Callable[..., Any]) -> Callable[..., list[Any]]:
    """Return a function that executes the statement of `build(user, now)` and returns the rows.
    `build` is called once, with parameters in place of both. Other parameters are keywords.

    Building a statement costs more than the database takes to answer it.
    """
    statement = cache(lambda: build(_BoundUser, sa.bindparam("now", type_=UtcDateTime())))

    @cache
    def has_entities() -> bool:
        first: Any = getattr(statement(), "selects", [statement()])[0]
        return any(it["entity"] is it["expr"] for it in first.column_descriptions)

    @wraps(build)
    def rows(user: Any, now: datetime | None = None, **bound: Any) -> list[Any]:
        bound |= {"reader": user.id, "now": now or clock.now()}
        if has_entities():
            return list(db.session.execute(statement(), bound))
        return fetch_columns(statement(), bound)

    return rows


def fetch_columns(statement: Any, given: dict[str, Any]) -> list[Any]:
    """Return the rows of a statement that selects columns alone, without the session's search
    for entities in them.
    """
    session = db.session()
    session.flush()
    return list(session.connection().execute(statement, given))


def constant(value: int | str) -> sa.ColumnElement[Any]:
    """Return one of our own values as part of the statement's text. Never pass what a person typed.

    Use it for LIMITs and states in statements of pages that are read often. With a parameter,
    PostgreSQL's plan for all values expects a LIMIT to return a tenth of the rows, and can't use a
    partial index on a state. That plan looks expensive, so PostgreSQL plans the statement again
    each time, which can take longer than running it.
    """
    if isinstance(value, str) and not value.replace("_", "").isalnum():
        raise ValueError(value)
    return sa.literal_column(f"'{value}'" if isinstance(value, str) else str(int(value)))


#: Execution options for rows as they are in the database now, whatever the session has read
#: before.
POPULATE_EXISTING = {"populate_existing": True}


#: Options of `with_for_update` that let others insert rows that refer to this one. Without them a
#: member who leaves, holding the group and waiting for an event, and one who answers, holding the
#: event and waiting to refer to the group, deadlock.
FOR_CHANGES: dict[str, Any] = {"key_share": True}


class RowGone(LookupError):
    """A row was deleted since it was read."""


def locked(model: type[Row], row_id: Any) -> Row:
    """Read the row again, and lock it against other writers until the transaction ends. Raises
    RowGone if it was deleted.

    PostgreSQL locks the row. SQLite has locked the database already, by BEGIN IMMEDIATE.
    """
    row = db.session.get(model, row_id, with_for_update=FOR_CHANGES, populate_existing=True)
    if row is None:
        raise RowGone(model.__name__)
    return row


def shared(model: type[Row], row_id: Any) -> Row:
    """Read the row again, and lock it against changes until the transaction ends; others may
    share the lock. Raises RowGone if it was deleted.

    SQLite has one writer at a time.
    """
    row = db.session.get(model, row_id, with_for_update={"read": True}, populate_existing=True)
    if row is None:
        raise RowGone(model.__name__)
    return row


def one_or_404(statement: sa.Select[Row], fresh: bool = False) -> Row:
    """Return the statement's row; `fresh`: as it is in the database now. Raises NotFound."""
    row = db.session.scalar(statement, execution_options=POPULATE_EXISTING if fresh else {})
    if row is None:
        raise NotFound()
    return row


def rows_changed(statement: sa.Update | sa.Delete) -> int:
    """Execute the statement, and return how many rows it changed."""
    return db.session.execute(statement).rowcount  # type: ignore[attr-defined]


@contextmanager
def write_during_get() -> Iterator[None]:
    """Write during a GET: commit at the end, or drop the change if the database is busy.

    For what the page doesn't depend on. Objects that were loaded before are expired.
    """
    db.session.rollback()
    token = reading.set(False)
    try:
        yield
        db.session.commit()
    except (OperationalError, IntegrityError):  # busy; or another tab was faster
        db.session.rollback()
    finally:
        reading.reset(token)
