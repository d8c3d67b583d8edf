"""Snapshots: test data built once in this process and restored when needed, for tests that request
every route.

Restoring copies some hundred rows; building takes longer than the request it's for. Files deleted
since, because another test cleaned up unreferenced files, are written again. Nothing is restored if
it's loaded already and nobody has committed since.
"""

import sqlite3
import weakref
from collections.abc import Callable, Hashable
from functools import cache
from itertools import count
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from webapp.accounts.models import SignIn
from webapp.core.extensions import db
from webapp.core.http.page_cache import CachedPages
from webapp.core.storage.files import files
from webapp.core.time import clock

from . import sample_site
from .conftest import empty


class Still(Protocol):
    """The contents of all tables at one moment."""

    def bring_back(self, connection: sa.Connection) -> None:
        """Restore all tables to these contents, with sign-ins last seen now."""


_kept: dict[Hashable, tuple[Any, Still, dict[str, bytes]]] = {}
#: What is loaded now, unless something was committed since: its name, and the commit state.
_loaded: list[Any] = []


def committed(app: Any) -> Any:
    """Return a value that changes with every commit of any process."""
    return _state(app)[1:]


def _state(app: Any) -> Any:
    state = app.extensions["page_cache"].state.now()
    assert state is not None
    return state


def sample_site_of(app: Any, secret: bool) -> sample_site.SampleSite:
    """Return the sample site with everyone signed in and nothing else in the database. Its objects
    are read-only.
    """
    return load(app, ("sample site", secret), lambda: sample_site.build(app, secret).signed_in(app))


def load(app: Any, name: Hashable, build: Callable[[], Any], upon: Hashable = None) -> Any:
    """Load what `build` creates under this name, rows and files: built the first time, then
    restored.

    `upon`: the name of the snapshot to which it adds rows. Sign-ins were last seen now, so that
    viewing a page doesn't update them.
    """
    db.session.remove()
    if name not in _kept:
        _made, start, below = _kept[upon] if upon is not None else (None, None, {})
        before = set(files().names())
        made, still = _built(build, start)
        new = {one: files().read(one) for one in set(files().names()) - before}
        _kept[name] = made, still, {**below, **new}
    made, still, held = _kept[name]
    _bring_back(app, name, still, held)
    return made


def marked(app: Any) -> Callable[[], None]:
    """Return a function that restores all rows as they are now."""
    db.session.remove()
    with db.engine.begin() as connection:
        still = _taken(connection)
    return lambda: _bring_back(app, still, still, {})


def _bring_back(app: Any, name: Hashable, still: Still, held: dict[str, bytes]) -> None:
    db.session.remove()
    if _loaded != [name, _state(app)]:
        with db.engine.begin() as connection:
            still.bring_back(connection)
        _loaded[:] = [name, _state(app)]
    for one, content in held.items():
        _written(one, content)
    front = app.extensions["page_cache"]
    front.pages = CachedPages(front.pages.most)


def _written(name: str, content: bytes) -> None:
    try:
        files().open(name).close()
    except FileNotFoundError:
        files().write(name, content)


def _built(build: Callable[[], Any], start: Still | None) -> tuple[Any, Still]:
    with db.engine.begin() as connection:
        if start is None:
            empty(connection)
        else:
            start.bring_back(connection)
    made = build()
    for row in list(db.session):
        db.session.refresh(row)
    db.session.expunge_all()
    db.session.remove()
    with db.engine.begin() as connection:
        return made, _taken(connection)


def _taken(connection: sa.Connection) -> Still:
    return File(connection) if connection.dialect.name == "sqlite" else Copy(connection)


class File:
    """A snapshot of SQLite: a copy of the whole file, in memory.

    It also restores the schema version. Otherwise every connection would read the table definitions
    again, which takes longer than most pages.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.kept = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        connection.rollback()
        connection.connection.driver_connection.backup(self.kept)
        self.definitions = self.kept.execute("PRAGMA schema_version").fetchone()[0]

    def bring_back(self, connection: sa.Connection) -> None:
        """Restore page by page."""
        connection.rollback()
        seen = clock.now().strftime("%Y-%m-%d %H:%M:%S.%f")
        self.kept.execute("UPDATE sign_in SET last_seen_at = ?", [seen])
        file = _writer(str(connection.engine.url.database))
        self.kept.backup(file)
        file.execute(f"PRAGMA schema_version = {self.definitions}")


@cache
def _writer(path: str) -> sqlite3.Connection:
    """A connection that runs no queries, and so never reads the table definitions."""
    connection = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    return connection


class Copy:
    """A snapshot of PostgreSQL: its own schema, with the tables that have rows.
    The next snapshot drops the schemas of those no longer referenced.
    """

    _numbers = count()
    _unused: ClassVar[list[str]] = []

    def __init__(self, connection: sa.Connection) -> None:
        while self._unused:
            connection.exec_driver_sql(f"DROP SCHEMA {self._unused.pop()} CASCADE")
        name = f"still_{next(self._numbers)}"
        weakref.finalize(self, self._unused.append, name)
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        orders = []
        for table in db.metadata.sorted_tables:
            if connection.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)):
                connection.exec_driver_sql(
                    f'CREATE TABLE {name}."{table.name}" AS TABLE "{table.name}"'
                )
                orders.append(f'INSERT INTO "{table.name}" SELECT * FROM {name}."{table.name}"')
        self.orders = "; ".join(orders)

    def bring_back(self, connection: sa.Connection) -> None:
        """Restore all rows at once, without triggers and foreign keys, which were applied when the
        rows were first written.
        """
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        empty(connection)
        connection.exec_driver_sql(self.orders)
        connection.execute(sa.update(SignIn).values(last_seen_at=clock.now()))
