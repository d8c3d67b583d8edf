"""What has been committed so far, and in which minute: a value that is equal only while nothing has changed."""

from itertools import count
from threading import Lock
from typing import Any

import sqlalchemy as sa
from flask import Flask

from .. import clock

QUESTION = {"postgresql": "SELECT pg_current_snapshot()::text", "sqlite": "PRAGMA data_version"}
_numbers = count()


class State:
    """Asks the database, outside of any transaction, on a connection of its own: it takes a tenth of a millisecond.

    PostgreSQL says which transactions are visible: the same text means the same rows, whoever wrote, another program too.
    SQLite counts what others commit as long as a connection lives, which is why this one never writes and has a number.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._engine: sa.Engine | None = None
        self._lock = Lock()

    def now(self) -> Any:
        """The state; None when the database does not answer: then nothing that is kept may be trusted."""
        engine = self._asking()
        minute = clock.now().timestamp() // 60
        try:
            connection = engine.raw_connection()
        except (sa.exc.DBAPIError, sa.exc.TimeoutError):
            return None
        try:
            said = connection.cursor().execute(QUESTION[engine.dialect.name]).fetchone()[0]
            return minute, connection.info.setdefault("number", next(_numbers)), said
        except engine.dialect.loaded_dbapi.Error:
            connection.invalidate()
            return None
        finally:
            connection.close()

    def _asking(self) -> sa.Engine:
        with self._lock:
            if self._engine is None:
                alone: dict[str, Any] = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 1, "pool_reset_on_return": None}
                url = self._app.config["SQLALCHEMY_DATABASE_URI"]
                self._engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.QueuePool, **alone)
            return self._engine
