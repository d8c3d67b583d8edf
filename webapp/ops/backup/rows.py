"""Rows as lines of text, the same on every database, and a digest that ignores their order."""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from ...core.text import search

#: Tables that aren't backed up: the revision is in the manifest. The search index is rebuilt as
#: rows are inserted.
NOT_OURS = {"alembic_version"}
#: How many rows are inserted together, unless they are longer than this many characters.
BATCH, BATCH_LENGTH = 1000, 1024 * 1024
#: How many rows are fetched together, however long they are.
FETCH = 50


class RowDigest:
    """The number of lines and the sum of their SHA-256: it changes if a row is added, missing or
    different.
    """

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0

    def add(self, line: str) -> None:
        """Add a line."""
        self.count += 1
        self._sum = (
            self._sum + int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
        ) % 2**256

    def of(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the same lines, adding each to the digest."""
        for line in lines:
            self.add(line)
            yield line

    def plain(self) -> dict[str, Any]:
        """Return the table's entry for the manifest."""
        return {"rows": self.count, "digest": f"{self._sum:064x}"}


class Json(sa.TypeDecorator[str]):
    """JSON as text: keeps JSON null apart from SQL NULL."""

    impl = sa.Text
    cache_ok = True


class PostgresqlJson(Json):
    """The same for PostgreSQL, which converts from and to its JSON type."""

    cache_ok = True

    def column_expression(self, column: Any) -> Any:
        """Read as text."""
        return sa.cast(column, sa.Text)

    def bind_expression(self, bindparam: Any) -> Any:
        """Write as JSON."""
        return sa.cast(bindparam, sa.JSON)


def tables(connection: sa.Connection) -> dict[str, sa.Table]:
    """Return every table in this database by name, with its current columns."""
    found = sa.MetaData()
    found.reflect(
        connection,
        only=lambda name, _metadata: name not in NOT_OURS and not search.is_kept_for_it(name),
    )
    raw = PostgresqlJson if connection.dialect.name == "postgresql" else Json
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type = raw()
    return dict(sorted((table.name, table) for table in found.tables.values()))


def columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns that hold data, by name, without computed ones."""
    return sorted(
        (column for column in table.columns if column.computed is None),
        key=lambda column: column.name,
    )


def lines(connection: sa.Connection, table: sa.Table) -> Iterator[str]:
    """Yield every row as a line, ordered by key, so that the order doesn't tell who came when."""
    plain = [_spelt if isinstance(column.type, Json) else _plain for column in columns(table)]
    chosen = sa.select(*columns(table)).order_by(*table.primary_key.columns)
    for row in connection.execute(chosen, execution_options={"yield_per": FETCH}):
        values = [write(value) for write, value in zip(plain, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def write(connection: sa.Connection, table: sa.Table, source: Iterable[str]) -> None:
    """Insert each line as a row of the table."""
    names = [column.name for column in columns(table)]
    readers = [_reader(column.type) for column in columns(table)]
    batch: list[dict[str, Any]] = []
    length = 0
    for line in source:
        values = json.loads(line)
        pairs = zip(names, readers, values, strict=True)
        batch.append({name: None if value is None else read(value) for name, read, value in pairs})
        length += len(line)
        if len(batch) >= BATCH or length >= BATCH_LENGTH:
            connection.execute(table.insert(), batch)
            batch, length = [], 0
    if batch:
        connection.execute(table.insert(), batch)


def digest(connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    """Return the manifest entry for the table's current rows."""
    found = RowDigest()
    for line in lines(connection, table):
        found.add(line)
    return found.plain()


def _spelt(document: str | None) -> str | None:
    """Return the JSON text in a canonical form with sorted keys: databases and versions format it
    differently.
    """
    return (
        None
        if document is None
        else json.dumps(json.loads(document), sort_keys=True, ensure_ascii=False)
    )


def _plain(value: Any) -> Any:
    """Return a JSON value: times in UTC without a zone, ids as 32 digits, as SQLite stores them."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value).isoformat()
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _reader(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any]:
    """Return the function that converts a line's value for a column of this type.

    It raises TypeError for a value of another type, which SQLite would store.
    """
    takes, convert = next(
        (takes, convert) for kinds, takes, convert in _READERS if isinstance(kind, kinds)
    )
    aware = isinstance(kind, sa.DateTime) and kind.timezone

    def read(value: Any) -> Any:
        if type(value) not in takes:
            raise TypeError(type(value))
        found = convert(value)
        return found.replace(tzinfo=UTC) if aware else found

    return read


def _same(value: Any) -> Any:
    return value


#: Types of columns, the types of their values in JSON, and how to convert these.
_READERS: list[tuple[Any, tuple[type, ...], Callable[[Any], Any]]] = [
    (sa.DateTime, (str,), datetime.fromisoformat),
    (sa.Date, (str,), date.fromisoformat),
    (sa.Uuid, (str,), uuid.UUID),
    (sa.LargeBinary, (str,), base64.b64decode),
    (Json, (str,), _spelt),
    (sa.Boolean, (bool,), _same),
    (sa.Integer, (int,), _same),
    (sa.Float, (int, float), _same),
    (sa.Numeric, (str,), Decimal),
    (sa.String, (str,), _same),
]
