"""Databases of one's own, empty and gone afterwards."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa


@contextmanager
def fresh(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of this kind; a missing server is a failure."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / _name()}.db"
    else:
        with on_postgresql() as address:
            yield address


@contextmanager
def on_postgresql() -> Iterator[str]:
    """The address of an empty database on the tests' PostgreSQL."""
    server, name = sa.make_url(os.environ["TEST_POSTGRESQL_URL"]), _name()
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


def _name() -> str:
    return f"test_{uuid.uuid4().hex[:12]}"
