"""The ground that a restore builds on: empty, and without checks while rows come in whatever
order.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ...core import search
from ...core.errors import RuleBroken

#: A site that nobody has used yet has rows in these all the same.
OF_ITSELF = {"alembic_version", "mark", "category"}


def clear(connection: sa.Connection, replace: bool) -> None:
    """No table is left.

    Raises RuleBroken where people have entered something, unless it is to be replaced.
    """
    names = sa.inspect(connection).get_table_names()
    if not replace:
        _refuse_used(
            connection,
            [name for name in names if name not in OF_ITSELF and not search.is_kept_for_it(name)],
        )
    if connection.dialect.name == "sqlite":
        names = _without_search(connection)
    quoted = [connection.dialect.identifier_preparer.quote(name) for name in names]
    if connection.dialect.name == "sqlite":
        for name in quoted:
            connection.exec_driver_sql(f"DROP TABLE {name}")
        return
    if quoted:
        connection.exec_driver_sql(f"DROP TABLE {', '.join(quoted)} CASCADE")
    for function in connection.exec_driver_sql(_FUNCTIONS).scalars().all():
        connection.exec_driver_sql(f"DROP ROUTINE {function} CASCADE")


def _without_search(connection: sa.Connection) -> list[str]:
    """The tables that are left once search is gone: its tables go together, and not by
    themselves.
    """
    for name in connection.exec_driver_sql(_VIRTUAL).scalars().all():
        connection.exec_driver_sql(
            f"DROP TABLE {connection.dialect.identifier_preparer.quote(name)}"
        )
    return sa.inspect(connection).get_table_names()


_VIRTUAL = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'"
)

#: What migrations made beside tables; what belongs to an extension is not ours.
_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def _refuse_used(connection: sa.Connection, names: Iterable[str]) -> None:
    for name in names:
        if (
            connection.execute(
                sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
            ).first()
            is not None
        ):
            sentence = _(
                "This database is not empty (“%(table)s” has rows). --replace puts the backup in "
                "its place.",
                table=name,
            )
            raise RuleBroken(sentence)


@contextmanager
def unchecked(connection: sa.Connection, tables: Mapping[str, sa.Table]) -> Iterator[None]:
    """Inside, a row may come before the one that it points to; afterwards every one has been
    checked.
    """
    if connection.dialect.name == "sqlite":  # its checks are off for the whole of a restore
        yield
        wrong = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if wrong is not None:
            raise RuleBroken(unfit(wrong[0]))
        return
    _alter(connection, tables, "DEFERRABLE INITIALLY DEFERRED")
    yield
    try:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise RuleBroken(unfit(error.orig.diag.table_name)) from error  # type: ignore[union-attr]
    _alter(connection, tables, "NOT DEFERRABLE")


def unfit(table: str) -> str:
    """What to say of rows that the database does not take."""
    return _(
        "The rows of “%(table)s” in the archive cannot be read, or do not fit. Nothing was "
        "changed.",
        table=table,
    )


def _alter(connection: sa.Connection, tables: Mapping[str, sa.Table], how: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for table in tables.values():
        for key in table.foreign_key_constraints:
            connection.exec_driver_sql(
                f"ALTER TABLE {quote(table.name)} ALTER CONSTRAINT {quote(str(key.name))} {how}"
            )
