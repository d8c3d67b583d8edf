"""Temporary databases for tests."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa

from . import parts


@contextmanager
def fresh(kind: str, folder: Path, like: str = "") -> Iterator[str]:
    """Yield the URL of an empty database of this kind, or of a copy of the one at `like`, which
    must not be in use.
    A missing server is a failure.
    """
    address = made(kind, folder, like)
    try:
        yield address
    finally:
        drop(address)


def on_postgresql(like: str = "") -> AbstractContextManager[str]:
    """Yield the URL of an empty database on the tests' PostgreSQL server, or of a copy."""
    return fresh("postgresql", Path(), like)


def made(kind: str, folder: Path, like: str = "") -> str:
    """Create such a database that stays until it's dropped. SQLite's is a file in the folder."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    if kind == "sqlite":
        path = folder / f"{name}.db"
        if like:
            shutil.copy(str(sa.make_url(like).database), path)
        return f"sqlite:///{path}"
    _order(f"CREATE DATABASE {name}" + (f" TEMPLATE {sa.make_url(like).database}" if like else ""))
    return (
        sa.make_url(parts.postgresql_url()).set(database=name).render_as_string(hide_password=False)
    )


def drop(address: str) -> None:
    """Drop the database, even if it's in use. SQLite's is deleted with its folder."""
    url = sa.make_url(address)
    if url.get_backend_name() == "postgresql":
        _order(f"DROP DATABASE {url.database} WITH (FORCE)")


def _order(words: str) -> None:
    engine = sa.create_engine(
        parts.postgresql_url(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(words)
