"""The rows of a table as lines of text, alike on every database, and a digest of them that knows
no order.
"""

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

#: Tables that are not ours to keep: the revision is in the manifest. What search has is made by
#: the rows as they come.
NOT_OURS = {"alembic_version"}
BATCH = 1000


class RowDigest:
    """How many lines there were, and the sum of their SHA-256: another row, a missing or a
    changed one makes it another.
    """

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0

    def add(self, line: str) -> None:
        """One more line is part of it."""
        self.count += 1
        self._sum = (
            self._sum + int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
        ) % 2**256

    def of(self, lines: Iterable[str]) -> Iterator[str]:
        """The same lines, each part of the digest once it has passed."""
        for line in lines:
            self.add(line)
            yield line

    def plain(self) -> dict[str, Any]:
        """What the manifest says of a table."""
        return {"rows": self.count, "digest": f"{self._sum:064x}"}


class Json(sa.TypeDecorator[str]):
    """JSON as text: null inside a document stays apart from no document."""

    impl = sa.Text
    cache_ok = True


class PostgresqlJson(Json):
    """The same where the database knows documents: told apart from text both ways."""

    cache_ok = True

    def column_expression(self, column: Any) -> Any:
        """Read as text."""
        return sa.cast(column, sa.Text)

    def bind_expression(self, bindparam: Any) -> Any:
        """Written as a document."""
        return sa.cast(bindparam, sa.JSON)


def tables(connection: sa.Connection) -> dict[str, sa.Table]:
    """Every table that is in this database, by name, as its columns are now."""
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
    """The columns that hold what was entered, by name; what the database computes it computes
    again.
    """
    return sorted(
        (column for column in table.columns if column.computed is None),
        key=lambda column: column.name,
    )


def lines(connection: sa.Connection, table: sa.Table) -> Iterator[str]:
    """Every row as a line: in the order of its key, so that nothing tells who came when."""
    plain = [_spelt if isinstance(column.type, Json) else _plain for column in columns(table)]
    chosen = sa.select(*columns(table)).order_by(*table.primary_key.columns)
    for row in connection.execute(chosen, execution_options={"yield_per": BATCH}):
        values = [write(value) for write, value in zip(plain, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def write(connection: sa.Connection, table: sa.Table, source: Iterable[str]) -> None:
    """Each line is a row of the table."""
    names = [column.name for column in columns(table)]
    readers = [_reader(column.type) for column in columns(table)]
    batch: list[dict[str, Any]] = []
    for line in source:
        values = json.loads(line)
        pairs = zip(names, readers, values, strict=True)
        batch.append({name: None if value is None else read(value) for name, read, value in pairs})
        if len(batch) >= BATCH:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def digest(connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    """What the manifest would say of this table as it stands now."""
    found = RowDigest()
    for line in lines(connection, table):
        found.add(line)
    return found.plain()


def _spelt(document: str | None) -> str | None:
    """The document in one spelling, its keys in order: databases and versions write the same one
    differently.
    """
    return (
        None
        if document is None
        else json.dumps(json.loads(document), sort_keys=True, ensure_ascii=False)
    )


def _plain(value: Any) -> Any:
    """As JSON has it: moments in UTC without their zone, ids as 32 digits, as SQLite keeps both."""
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
    """What turns the value of a line into what a column of this type takes."""
    if isinstance(kind, sa.DateTime):
        aware = kind.timezone
        return lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC if aware else None)
    if isinstance(kind, sa.Uuid):
        return uuid.UUID
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    return (
        Decimal
        if isinstance(kind, sa.Numeric) and not isinstance(kind, sa.Float)
        else lambda value: value
    )
