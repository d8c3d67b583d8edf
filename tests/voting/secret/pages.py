"""The pages of PostgreSQL's files: every row that was ever written and hasn't been overwritten,
including dead ones.

Uses `pageinspect`, which comes with PostgreSQL (Debian: in `postgresql`); without it these tests
fail.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa

from webapp.core.extensions import db

TABLES = ("secret_roll", "secret_ballot", "secret_link")


class Row(NamedTuple):
    """A row in a table's file: its position, the transactions that wrote and ended it, and its
    columns as bytes.
    """

    ctid: str
    xmin: str
    xmax: str
    columns: list[bytes]


@contextmanager
def readable() -> Iterator[sa.Connection]:
    """Yield a connection that may read pages; drop the extension afterwards."""
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pageinspect")
        try:
            yield connection
        finally:
            connection.exec_driver_sql("DROP EXTENSION pageinspect")


def _blocks(connection: sa.Connection, name: str) -> range:
    size = sa.text("SELECT pg_relation_size(:name) / current_setting('block_size')::int")
    return range(connection.execute(size, {"name": name}).scalar_one())


def heap(connection: sa.Connection, table: str) -> list[Row]:
    """Return every item of every page, in the order on disk; an item whose row is gone has no
    columns.
    """
    items = sa.text(
        "SELECT '(' || :block || ',' || lp || ')', t_xmin::text, t_xmax::text, t_attrs"
        " FROM heap_page_item_attrs(get_raw_page(:name, :block), CAST(:name AS regclass))"
    )
    found: list[Row] = []
    for block in _blocks(connection, table):
        for row in connection.execute(items, {"name": table, "block": block}):
            ctid, xmin, xmax, attributes = row
            found.append(Row(ctid, xmin, xmax, [bytes(one or b"") for one in attributes or ()]))
    return found


def entries(connection: sa.Connection, table: str) -> list[str]:
    """Return the positions of rows to which the leaf pages of a table's primary key point, as often
    as they do.
    """
    name = f"pk_{table}"
    kind = sa.text("SELECT type, btpo_next FROM bt_page_stats(:name, :block)")
    items = sa.text("SELECT itemoffset, htid::text FROM bt_page_items(:name, :block)")
    found: list[str] = []
    for block in _blocks(connection, name)[1:]:
        at = {"name": name, "block": block}
        is_leaf, following = connection.execute(kind, at).one()
        if is_leaf == "l":
            has_bound = (
                following != 0
            )  # the first entry of a page with a right neighbour is its upper bound, not a row
            found += [
                place
                for number, place in connection.execute(items, at)
                if number > 1 or not has_bound
            ]
    return found


def long_values(connection: sa.Connection, table: str) -> int:
    """Return the number of pages of the table's TOAST."""
    name = sa.text(
        "SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = CAST(:table AS regclass) "
        "AND reltoastrelid <> 0"
    )
    toast = connection.execute(name, {"table": table}).scalar_one_or_none()
    return len(_blocks(connection, toast)) if toast else 0


def text(value: bytes) -> str:
    """Return a short text from a column's bytes, which begin with a byte for its length."""
    return value[1:].decode()


def by_transaction(connection: sa.Connection, vote_id: Any) -> dict[str, list[set[bytes]]]:
    """Return for each tracker, and each of its rows including dead ones, the voters whom the row's
    transaction marked.
    """
    roll = [
        row
        for row in heap(connection, "secret_roll")
        if row.columns and row.columns[0] == vote_id.bytes
    ]
    marked = [(row.xmin, row.columns[1]) for row in roll if row.columns[2] == b"\x01"]
    found: dict[str, list[set[bytes]]] = {}
    for row in heap(connection, "secret_ballot"):
        if row.columns and row.columns[0] == vote_id.bytes:
            people = {person for xmin, person in marked if xmin == row.xmin}
            found.setdefault(text(row.columns[1]), []).append(people)
    return found
