"""Load a community into an empty, migrated database: by COPY on PostgreSQL, by bulk insert on
SQLite.
"""

import sqlite3
from contextlib import closing
from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa

from webapp.core.extensions import db

from . import (
    agendas,
    answers,
    events,
    gallery,
    groups,
    inbox,
    people,
    prototypes,
    talk,
    tasks,
    votes,
)
from .sizes import Size, today
from .values import Rows

PARTS = (people, groups, events, answers, agendas, votes, talk, tasks, gallery, inbox)


def load(url: str, size: Size, base: datetime | None = None) -> None:
    """Load the community into the database at `url`, with indexes and statistics like those of a
    running site.
    """
    fill = _fill_sqlite if url.startswith("sqlite") else _fill_postgresql
    fill(url, _everything(size, base or today()))


def _everything(size: Size, base: datetime) -> list[Rows]:
    tables = [rows for part in PARTS for rows in part.tables(size, base)]
    copied = {rows.table for rows in tables if set(rows.columns) != set(_columns(rows.table))}
    made = prototypes.made(copied, base)
    return [whole(rows, made.get(rows.table, {})) for rows in tables]


def _columns(table: str) -> list[str]:
    return list(db.metadata.tables[table].columns.keys())


def whole(rows: Rows, prototype: prototypes.Prototype) -> Rows:
    """Add what is the same in all rows."""
    unknown = set(rows.columns) - set(_columns(rows.table))
    if unknown:
        raise LookupError(f"{rows.table} has no column {', '.join(sorted(unknown))}")
    same = {name: value for name, value in prototype.items() if name not in rows.columns}
    values = tuple(same.values())
    return Rows(rows.table, (*rows.columns, *same), (row + values for row in rows.rows))


def _names(rows: Rows) -> str:
    columns = ", ".join(f'"{column}"' for column in rows.columns)
    return f'"{rows.table}" ({columns})'


def _fill_sqlite(url: str, tables: list[Rows]) -> None:
    with closing(
        sqlite3.connect(sa.make_url(url).database or "", isolation_level=None)
    ) as connection:
        run = connection.execute
        run("PRAGMA synchronous=OFF")
        run("BEGIN IMMEDIATE")
        indexes = list(
            run("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        )
        for name, _sql in indexes:
            run(f'DROP INDEX "{name}"')
        for rows in tables:
            run(f'DELETE FROM "{rows.table}"')
            marks = ", ".join("?" * len(rows.columns))
            connection.executemany(f"INSERT INTO {_names(rows)} VALUES ({marks})", rows.rows)
        for _name, sql in indexes:
            run(sql)
        run("COMMIT")
        run("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill_postgresql(url: str, tables: list[Rows]) -> None:
    address = url.replace("postgresql+psycopg", "postgresql", 1)
    with psycopg.connect(address) as connection:
        run: Any = connection.execute
        run("SET TIME ZONE 'UTC'")
        run("SET session_replication_role = replica")  # foreign keys are checked once, at the end
        indexes = run(PLAIN_INDEXES).fetchall()
        for name, _sql in indexes:
            run(f'DROP INDEX "{name}"')
        for rows in tables:
            run(f'DELETE FROM "{rows.table}"')
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {_names(rows)} FROM STDIN") as copy,
            ):
                for row in rows.rows:
                    copy.write_row(row)
        for _name, sql in indexes:
            run(sql)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


#: Indexes that belong to no constraint.
PLAIN_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND NOT EXISTS
        (SELECT 1 FROM pg_constraint WHERE conname = indexname AND contype IN ('p', 'u', 'x'))
"""
