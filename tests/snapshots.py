"""What is built once in this process and brought back as it was, for tests that walk every route.

Bringing back copies some hundred rows; building again takes longer than the request that it is for.
Files that have gone since, because another test swept up what belonged to no row, are written
again. Nothing is brought back that was brought back in this minute, as long as nobody has committed
anything since.
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
    """What every table held when this was made."""

    def bring_back(self, connection: sa.Connection) -> None:
        """Every table holds that again, and nothing else; whoever is signed in was seen just
        now.
        """


_kept: dict[Hashable, tuple[Any, Still, dict[str, bytes]]] = {}
#: What is there now, unless something was committed since: its name, and what had been
#: committed.
_loaded: list[Any] = []


def committed(app: Any) -> Any:
    """What has been committed so far: equal only while nothing was, by anybody."""
    return _state(app)[1:]


def _state(app: Any) -> Any:
    state = app.extensions["validated"].state.now()
    assert state is not None
    return state


def world_of(app: Any, secret: bool) -> sample_site.World:
    """The world as `world.build` made it, everyone signed in, with nothing beside it; what it
    names is read-only.
    """
    return load(app, ("world", secret), lambda: sample_site.build(app, secret).signed_in(app))


def load(app: Any, name: Hashable, build: Callable[[], Any], upon: Hashable = None) -> Any:
    """What `build` made under this name, its rows alone and its files: built the first time,
    brought back from then on.

    `upon`: the name of what it adds its rows to. Whoever is signed in was seen just now: no look at
    a page writes that down.
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
    """What brings back every row as it is now."""
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
    front = app.extensions["validated"]
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
    """SQLite's: a copy of the whole file, in memory.

    It says that the tables' definitions are what they were. Otherwise every connection would read
    all of them again, which takes longer than most pages.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.kept = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        connection.rollback()
        connection.connection.driver_connection.backup(self.kept)
        self.definitions = self.kept.execute("PRAGMA schema_version").fetchone()[0]

    def bring_back(self, connection: sa.Connection) -> None:
        """Page by page."""
        connection.rollback()
        seen = clock.now().strftime("%Y-%m-%d %H:%M:%S.%f")
        self.kept.execute("UPDATE sign_in SET last_seen_at = ?", [seen])
        file = _writer(str(connection.engine.url.database))
        self.kept.backup(file)
        file.execute(f"PRAGMA schema_version = {self.definitions}")


@cache
def _writer(path: str) -> sqlite3.Connection:
    """A connection that asks nothing, and so never reads the tables' definitions."""
    connection = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    return connection


class Copy:
    """PostgreSQL's: a schema of its own with the tables that held something.

    The next copy drops the schemas of those that nothing refers to any longer.
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
        """At once; what a trigger or a foreign key would do was done when the rows were first
        written.
        """
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        empty(connection)
        connection.exec_driver_sql(self.orders)
        connection.execute(sa.update(SignIn).values(last_seen_at=clock.now()))
