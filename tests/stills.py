"""A world that is built once in this process and brought back as it was: SQLite's alone, for tests that walk every route.

Bringing it back copies a file of some hundred pages; building it anew takes longer than the request that it is for.
"""

import sqlite3
from typing import Any

from webapp.core.extensions import db
from webapp.core.validated.shelf import Shelf

from . import world
from .conftest import emptying

_kept: dict[bool, tuple[world.World, sqlite3.Connection]] = {}


def world_of(app: Any, secret: bool) -> world.World:
    """The world as `world.build` made it, with nothing beside it; what it names is read-only. On PostgreSQL one more is built."""
    if db.engine.dialect.name != "sqlite":
        return world.build(app, secret)
    db.session.remove()
    if secret not in _kept:
        _kept[secret] = _built(app, secret)
    here, still = _kept[secret]
    with db.engine.connect() as connection:
        still.backup(connection.connection.driver_connection)  # type: ignore[arg-type]
    front = app.extensions["validated"]
    front.shelf = Shelf(front.shelf.most)
    return here


def _built(app: Any, secret: bool) -> tuple[world.World, sqlite3.Connection]:
    with db.engine.begin() as connection:
        for order in emptying(connection.dialect):
            connection.exec_driver_sql(order)
    here = world.build(app, secret)
    for row in list(db.session):
        db.session.refresh(row)
    db.session.expunge_all()
    db.session.remove()
    still = sqlite3.connect(":memory:", check_same_thread=False)
    with db.engine.connect() as connection:
        connection.connection.driver_connection.backup(still)  # type: ignore[union-attr]
    return here, still
