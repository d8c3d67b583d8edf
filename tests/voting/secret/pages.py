"""What lies in PostgreSQL's files, page by page: every row that was ever written and not yet
overwritten, dead ones too.

Read by `pageinspect`, which comes with PostgreSQL (Debian: in `postgresql`); without it these tests
fail.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa

from webapp.core.extensions import db

TABLES = ("secret_roll", "secret_ballot", "secret_link")


class Row(NamedTuple):
    """A row of a table's file: where it lies, which transactions wrote and ended it, and its
    columns as bytes.
    """

    ctid: str
    xmin: str
    xmax: str
    columns: list[bytes]


@contextmanager
def readable() -> Iterator[sa.Connection]:
    """A connection that may read pages; the extension is gone afterwards."""
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
    """Every line of every page, in the order on the disk; a line whose row is gone has no
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
    """The rows that the leaves of a table's key point to, each as often as they do."""
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
            )  # the first entry of a page with a right neighbour is its upper bound, and no row
            found += [
                place
                for number, place in connection.execute(items, at)
                if number > 1 or not has_bound
            ]
    return found


def long_values(connection: sa.Connection, table: str) -> int:
    """How many pages the table's TOAST has."""
    name = sa.text(
        "SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = CAST(:table AS regclass) "
        "AND reltoastrelid <> 0"
    )
    toast = connection.execute(name, {"table": table}).scalar_one_or_none()
    return len(_blocks(connection, toast)) if toast else 0


def text(value: bytes) -> str:
    """A short text as a column holds it: after one byte that says how long it is."""
    return value[1:].decode()


def by_transaction(connection: sa.Connection, vote_id: Any) -> dict[str, list[set[bytes]]]:
    """Tracker by tracker, for each row that has it, dead ones too: whom the transaction that
    wrote it has marked on the roll.
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
