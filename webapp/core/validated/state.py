"""What has been committed so far, and in which minute: a value that is equal only while nothing
has changed.
"""

from itertools import count
from threading import Lock
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask

from .. import clock, site

QUESTION = {
    "postgresql": "SELECT pg_current_snapshot()::text, {settled}",
    "sqlite": "SELECT data_version, {settled} FROM pragma_data_version",
}
_numbers = count()


class Moment(NamedTuple):
    """The minute, the connection that was asked, what it said, and the word for what the site's
    admins have settled.
    """

    minute: float
    connection: int
    committed: Any
    settled: str


class State:
    """Asks the database, outside of any transaction, on a connection of its own: it takes a tenth
    of a millisecond.

    PostgreSQL says which transactions are visible: the same text means the same rows, whoever
    wrote, another program too. SQLite counts what others commit as long as a connection lives,
    which is why this one never writes and has a number.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._engine: sa.Engine | None = None
        self._question = ""
        self._lock = Lock()

    def now(self) -> Moment | None:
        """The state; None when the database does not answer: then nothing that is kept may be
        trusted.
        """
        engine = self._asking()
        away: type[Exception] = (
            engine.dialect.loaded_dbapi.Error
        )  # the pool passes on the driver's errors as they are
        minute = clock.now().timestamp() // 60
        try:
            connection = engine.raw_connection()
        except (away, sa.exc.DBAPIError, sa.exc.TimeoutError):
            return None
        try:
            committed, settled = connection.cursor().execute(self._question).fetchone()
            return Moment(
                minute, connection.info.setdefault("number", next(_numbers)), committed, settled
            )
        except away:
            connection.invalidate()
            return None
        finally:
            connection.close()

    def _asking(self) -> sa.Engine:
        with self._lock:
            if self._engine is None:
                alone: dict[str, Any] = {
                    "pool_size": 1,
                    "max_overflow": 0,
                    "pool_timeout": 1,
                    "pool_reset_on_return": None,
                }
                url = self._app.config["SQLALCHEMY_DATABASE_URI"]
                engine = sa.create_engine(
                    url, isolation_level="AUTOCOMMIT", poolclass=sa.QueuePool, **alone
                )
                settled = site.version().compile(engine, compile_kwargs={"literal_binds": True})
                self._question = QUESTION[engine.dialect.name].format(settled=settled)
                self._engine = engine
            return self._engine
