"""Transactions: how they begin, locks, and cached statements."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache, lru_cache, wraps
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy.session import Session
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.pool import Pool
from werkzeug.exceptions import NotFound

from ..time import clock
from .base import UtcDateTime

#: Whether the transaction that begins next only reads. Requests set it by their method; jobs and
#: commands write.
reading: ContextVar[bool] = ContextVar("reading", default=False)

#: How many statements this context has sent; the request log and the tests of constant counts read
#: it.
statements: ContextVar[list[int] | None] = ContextVar("statements", default=None)

#: SQLite serves waiting writers in no order, so that one of many may starve until its timeout. Let
#: one thread of this process try at a time.
_turn = threading.Lock()

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
        from ..extensions import db

        bound |= {"reader": user.id, "now": now or clock.now()}
        if has_entities():
            return list(db.session.execute(statement(), bound))
        return fetch_columns(statement(), bound)

    return rows


def fetch_columns(statement: Any, given: dict[str, Any]) -> list[Any]:
    """Return the rows of a statement that selects columns alone, without the session's search
    for entities in them.
    """
    from ..extensions import db

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
    from ..extensions import db

    row = db.session.get(model, row_id, with_for_update=FOR_CHANGES, populate_existing=True)
    if row is None:
        raise RowGone(model.__name__)
    return row


def shared(model: type[Row], row_id: Any) -> Row:
    """Read the row again, and lock it against changes until the transaction ends; others may
    share the lock. Raises RowGone if it was deleted.

    SQLite has one writer at a time.
    """
    from ..extensions import db

    row = db.session.get(model, row_id, with_for_update={"read": True}, populate_existing=True)
    if row is None:
        raise RowGone(model.__name__)
    return row


def one_or_404(statement: sa.Select[Row], fresh: bool = False) -> Row:
    """Return the statement's row; `fresh`: as it is in the database now. Raises NotFound."""
    from ..extensions import db

    row = db.session.scalar(statement, execution_options=POPULATE_EXISTING if fresh else {})
    if row is None:
        raise NotFound()
    return row


def rows_changed(statement: sa.Update | sa.Delete) -> int:
    """Execute the statement, and return how many rows it changed."""
    from ..extensions import db

    return db.session.execute(statement).rowcount  # type: ignore[attr-defined]


@contextmanager
def write_during_get() -> Iterator[None]:
    """Write during a GET: commit at the end, or drop the change if the database is busy.

    For what the page doesn't depend on. Objects that were loaded before are expired.
    """
    from ..extensions import db

    db.session.rollback()
    token = reading.set(False)
    try:
        yield
        db.session.commit()
    except (OperationalError, IntegrityError):  # busy; or another tab was faster
        db.session.rollback()
    finally:
        reading.reset(token)


class ReadingSession(Session):
    """On PostgreSQL a request that only reads sends no BEGIN and no ROLLBACK: each statement sees
    what is committed, as always.
    """

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **_: Any) -> Any:
        """Return the site's only engine, without transactions while this context reads."""
        engine = self._db.engine if bind is None else bind
        return (
            _without_transactions(engine)
            if reading.get() and engine.dialect.name == "postgresql"
            else engine
        )


@lru_cache(maxsize=16)
def _without_transactions(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


#: After waiting this long for a lock PostgreSQL reports a busy database, as SQLite does.
LOCK_TIMEOUT = "10s"
#: SQLite's settings. `secure_delete` overwrites deleted rows, so that the order of ballots before
#: they were mixed can't be recovered.
PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "synchronous=NORMAL",
    "secure_delete=ON",
)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if "sqlite" not in type(connection).__module__:
        return
    connection.isolation_level = None  # we send BEGIN ourselves
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "do_connect")
def _connect_to_postgresql(dialect: Any, record: Any, args: Any, options: Any) -> Any:
    if dialect.name != "postgresql":
        return None
    from .postgresql import PlanKeepingConnection  # psycopg takes memory that SQLite doesn't need

    connection = PlanKeepingConnection.connect(*args, **options)
    connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    connection.commit()
    return connection


@event.listens_for(Pool, "checkout", insert=True)
def _replace_lost(connection: Any, record: Any, proxy: Any) -> None:
    """Open new connections if PostgreSQL was restarted, so that nobody gets an error for it."""
    if hasattr(connection, "is_lost") and connection.is_lost():
        raise InvalidatePoolError()


#: A prepared statement whose table a migration has changed, or that the server has dropped.
_STALE_STATEMENT = {"0A000", "26000"}


@event.listens_for(Engine, "handle_error")
def _leave_stale_statements(context: Any) -> None:
    """Open new connections after such an error: each of these would have it again."""
    if getattr(context.original_exception, "sqlstate", None) in _STALE_STATEMENT:
        context.is_disconnect = True


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin a writing transaction as a writer: a deferred one that reads and then writes fails
    with “locked” under load.
    """
    if connection.dialect.name != "sqlite":
        return
    if reading.get():
        connection.exec_driver_sql("BEGIN")
        return
    is_mine = _turn.acquire(timeout=10)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        if is_mine:
            _turn.release()


@event.listens_for(Engine, "before_cursor_execute")
def _count(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    counter = statements.get()
    if counter is not None and not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
        counter[0] += 1
