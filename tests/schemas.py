"""A database's description of its tables, for comparing two databases of the same kind."""

import re
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from webapp import create_app
from webapp.core.extensions import db

from . import databases
from .shared_fixtures import made_once

#: Alembic's own table, and those that FTS5 keeps behind its virtual tables.
_NOT_OURS = re.compile(r"alembic_version|\w+_search_(data|idx|content|docsize|config)")
_WORDS = r"'(?:[^']|'')*'"
_ITEM = rf"{_WORDS}(?:::[\w ]+)?"
_INLINE = re.compile(
    r"(?P<name>\S+) (?P<column>.*) (?P<rule>CONSTRAINT \S+) (?P<more>(?:CHECK|REFERENCES) .*)"
)

#: Each statement returns rows of table, type, name and definition.
POSTGRESQL = (
    """
    SELECT c.relname, 'column', a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
        'COLLATE ' || o.collname, a.attidentity, a.attgenerated)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_collation o ON o.oid = a.attcollation
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        AND a.attnum > 0 AND NOT a.attisdropped
    """,
    """
    SELECT c.relname, 'constraint', o.conname, pg_get_constraintdef(o.oid)
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
    WHERE o.connamespace = 'public'::regnamespace
    """,
    "SELECT tablename, 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """
    SELECT relname, 'relation', relkind::text, concat_ws(' ', relpersistence, reloptions::text)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    """,  # noqa: E501
    """
    SELECT c.relname, 'trigger', t.tgname, pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
    """,
    """
    SELECT '', 'function', proname, pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
    """,
    """
    SELECT '', 'type', t.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
    """,
)
SQLITE = ("SELECT tbl_name, type, name, sql FROM sqlite_master WHERE sql IS NOT NULL",)


def of_models(kind: str) -> set[str]:
    """Return the description of a database of this kind whose tables were created from the
    models.
    """
    path = Path(made_once(f"schema-{kind}", lambda folder: _made(kind, folder))["path"])
    return set(path.read_text().split("\n\n"))


def _made(kind: str, folder: Path) -> dict[str, str]:
    path = folder / "lines"
    with databases.fresh(kind, folder) as address:
        app = create_app(DATABASE_URL=address, INSTANCE=str(folder), REDIS_URL="", TESTING=True)
        with app.app_context():
            db.create_all()
            with db.engine.connect() as connection:
                path.write_text("\n\n".join(described(connection)))
            db.engine.dispose()
    return {"path": str(path)}


def described(connection: sa.Connection) -> set[str]:
    """Return a line for each column, constraint, index and trigger; equivalent definitions are
    spelled alike.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    lines = set()
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        for table, what, name, text in connection.exec_driver_sql(statement):
            if _NOT_OURS.fullmatch(table):
                continue
            parts = _parts(text) if is_sqlite and what == "table" else [_spelled(text)]
            lines |= {f"{table}: {what} {name}: {part}" for part in parts}
    return lines


def _parts(statement: str) -> Iterator[str]:
    """The parts of SQLite's CREATE TABLE: its columns, its constraints, and what follows the last
    bracket.
    A constraint beside its column is given as one of the table's.
    """
    depth, begun = 0, 0
    for sign in re.finditer(rf"{_WORDS}|[(),]", statement):
        depth += {"(": 1, ")": -1}.get(sign[0], 0)
        if (depth, sign[0]) in {(1, "("), (1, ","), (0, ")")}:
            part = _spelled(statement[begun : sign.start()])
            begun = sign.end()
            inline = None if part.startswith("CONSTRAINT") else _INLINE.fullmatch(part)
            if inline is None:
                yield part
                continue
            yield f"{inline['name']} {inline['column']}"
            is_key = inline["more"].startswith("REFERENCES")
            key = f"FOREIGN KEY({inline['name']}) " if is_key else ""
            yield f"{inline['rule']} {key}{inline['more']}"
    yield _spelled(statement[begun:])


def _spelled(text: str) -> str:
    """Remove quotes around names and needless spaces, and sort lists of literals."""
    pieces = re.split(f"({_WORDS})", text)
    text = "".join(piece if piece.startswith("'") else piece.replace('"', "") for piece in pieces)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(rf"{_ITEM}(?:, ?{_ITEM})+", _in_order, text)


def _in_order(found: re.Match[str]) -> str:
    return ", ".join(sorted(re.findall(_ITEM, found[0])))
