"""The index of a table's `search_text`, which the database keeps in the same transaction, no
matter who writes the row.

PostgreSQL has it over an expression. SQLite's FTS5 numbers its rows, and numbers of ours change
when a file is tidied up (VACUUM): so a table of numbers is between them, and triggers keep both.
Migration 0001 holds the same statements.
"""

import re

import sqlalchemy as sa
from sqlalchemy import event

#: The index there; the words of all rows here, what FTS5 keeps beside them, and the numbers.
_OURS = re.compile(r"ix_\w+_search|\w+_search(_row|_data|_idx|_content|_docsize|_config)?")

#: PostgreSQL reads the words as they are written; a cost that says what it takes, lest the planner
#: reads a whole table so.
WORDS_FUNCTION = """
CREATE OR REPLACE FUNCTION search_words(text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 500 AS
$$ BEGIN
RETURN array_to_tsvector(array_remove(string_to_array(translate($1, E'\\n', ' '), ' '), ''));
END $$
"""


def indexed(table: sa.FromClause) -> None:
    """Wherever this table is made, its index is, too."""
    for dialect, statements in (("postgresql", on_postgresql), ("sqlite", on_sqlite)):
        for statement in statements(table.name):  # type: ignore[attr-defined]
            event.listen(
                table,
                "after_create",
                sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect),
            )


def is_kept_for_it(name: str | None) -> bool:
    """Whether a table or an index of the database belongs to search: made from other rows, and
    kept by the database.
    """
    return _OURS.fullmatch(name or "") is not None


def on_postgresql(table: str) -> list[str]:
    """What makes the index there."""
    return [
        WORDS_FUNCTION,
        f'CREATE INDEX ix_{table}_search ON "{table}" USING gin (search_words(search_text))',
    ]


def on_sqlite(table: str) -> list[str]:
    """What makes the index here: the words of all rows, their numbers, and what keeps them."""
    rows = f"FROM {table}_search_row WHERE id ="
    added = (
        f"INSERT INTO {table}_search (rowid, words) SELECT number, new.search_text {rows} new.id"
    )
    removed = (
        f"INSERT INTO {table}_search ({table}_search, rowid, words) SELECT 'delete', number, "
        f"old.search_text {rows} old.id"
    )
    numbered = f"INSERT INTO {table}_search_row (id) VALUES (new.id)"
    unnumbered = f"DELETE FROM {table}_search_row WHERE id = old.id"
    changes = "WHEN old.search_text IS NOT new.search_text"
    return [
        f"CREATE TABLE {table}_search_row (number INTEGER PRIMARY KEY, id CHAR(32) NOT NULL "
        "UNIQUE)",
        f"CREATE VIRTUAL TABLE {table}_search USING fts5(words, content='', tokenize='ascii', "
        "prefix='2 3', detail=none)",
        f'CREATE TRIGGER {table}_search_added AFTER INSERT ON "{table}" BEGIN {numbered}; '
        f"{added}; END",
        f'CREATE TRIGGER {table}_search_changed AFTER UPDATE OF search_text ON "{table}" '
        f"{changes} BEGIN {removed}; {added}; END",
        f'CREATE TRIGGER {table}_search_removed AFTER DELETE ON "{table}" BEGIN {removed}; '
        f"{unnumbered}; END",
    ]
