"""How connections are prepared and transactions begin, on both databases."""

import threading
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy.session import Session
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import Pool

#: Whether the transaction that begins next only reads. Requests set it by their method; jobs and
#: commands write.
reading: ContextVar[bool] = ContextVar("reading", default=False)

#: How many statements this context has sent; the request log and the tests of constant counts read
#: it.
statements: ContextVar[list[int] | None] = ContextVar("statements", default=None)

#: SQLite serves waiting writers in no order, so that one of many may starve until its timeout. Let
#: one thread of this process try at a time.
_turn = threading.Lock()


class ReadingSession(Session):
    """On PostgreSQL a request that only reads sends no BEGIN and no ROLLBACK: each statement sees
    what is committed, as always.
    """

    def __init__(self, db: Any, **options: Any) -> None:
        super().__init__(db, **options)
        self.site = db

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **_: Any) -> Any:
        """Return the site's only engine, without transactions while this context reads."""
        engine = self.site.engine if bind is None else bind
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
