"""The bytes of the database's own files, and the order of rows in SQLite's."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from webapp.core.extensions import db

LEAF, INTERIOR = 0x0A, 0x02


def path() -> Path:
    """Return the path of SQLite's file."""
    return Path(str(db.engine.url.database))


def log() -> bytes:
    """Return SQLite's write-ahead log."""
    beside = path().with_name(path().name + "-wal")
    return beside.read_bytes() if beside.exists() else b""


def every_byte() -> bytes:
    """Return SQLite's file, its log and the log's index."""
    return b"".join(found.read_bytes() for found in sorted(path().parent.glob(f"{path().name}*")))


def in_order(table: str, names: list[str]) -> list[str]:
    """Return which of these texts is in which cell of a table without row ids, in the order in
    which cells were written.

    Within a page that is from its end to its beginning. Committed rows are written to the file
    before.
    """
    db.session.rollback()
    with closing(sqlite3.connect(path())) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()[0]
    file = path().read_bytes()
    size = int.from_bytes(file[16:18], "big")
    found = []
    for cell in _cells(file, 65536 if size == 1 else size, root):
        found += [name for name in names if name.encode() in cell]
    return found


def _cells(file: bytes, size: int, number: int) -> list[bytes]:
    page = file[(number - 1) * size : number * size]
    kind, count = page[0], int.from_bytes(page[3:5], "big")
    start = 8 if kind == LEAF else 12
    places = [int.from_bytes(page[start + 2 * n : start + 2 * n + 2], "big") for n in range(count)]
    assert kind in (LEAF, INTERIOR)
    if kind == INTERIOR:
        below = [int.from_bytes(page[place : place + 4], "big") for place in places] + [
            int.from_bytes(page[8:12], "big")
        ]
        return [cell for one in below for cell in _cells(file, size, one)]
    ends = dict(zip(sorted(places), [*sorted(places)[1:], size], strict=True))
    return [page[place : ends[place]] for place in sorted(places, reverse=True)]


def heap(table: str) -> bytes:
    """Return PostgreSQL's files of a table and its primary key, as they are on disk."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        read = sa.text("SELECT pg_read_binary_file(pg_relation_filepath(:name))")
        return b"".join(
            connection.execute(read, {"name": name}).scalar_one() for name in (table, f"pk_{table}")
        )
