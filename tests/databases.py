"""Databases of one's own, empty and gone afterwards."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa


@contextmanager
def fresh(kind: str, folder: Path, like: str = "") -> Iterator[str]:
    """The address of an empty database of this kind, or of a copy of the one at `like`, which nobody uses meanwhile.

    A missing server is a failure.
    """
    if kind == "sqlite":
        path = folder / f"{_name()}.db"
        if like:
            shutil.copy(str(sa.make_url(like).database), path)
        yield f"sqlite:///{path}"
    else:
        with on_postgresql(like) as address:
            yield address


@contextmanager
def on_postgresql(like: str = "") -> Iterator[str]:
    """The address of an empty database on the tests' PostgreSQL, or of a copy."""
    server, name = sa.make_url(os.environ["TEST_POSTGRESQL_URL"]), _name()
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}" + (f" TEMPLATE {sa.make_url(like).database}" if like else ""))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


def _name() -> str:
    return f"test_{uuid.uuid4().hex[:12]}"
