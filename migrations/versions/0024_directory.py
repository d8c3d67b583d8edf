"""Groups and events are found by an index of their words

A later migration that has SQLite make `group` or `event` anew (batch_alter_table) must make their triggers anew, too.

Revision ID: 0024
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from webapp.core.markdown import plain
from webapp.core.search import text_of  # as it is when this runs: whoever changes it writes the texts again
from webapp.core.text import folded

revision = "0024"
down_revision = "0020"
branch_labels = None
depends_on = None

SEARCHED = ("group", "event")
STANDING = {"sqlite_where": sa.text("deleted_at IS NULL"), "postgresql_where": sa.text("deleted_at IS NULL")}
BATCH = 500

#: Built-in functions only. The cost says what it takes, lest the planner reads a whole table so.
WORDS_FUNCTION = """
CREATE OR REPLACE FUNCTION search_words(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 500 AS
$$ BEGIN RETURN array_to_tsvector(array_remove(string_to_array(translate($1, E'\\n', ' '), ' '), '')); END $$
"""
#: FTS5 numbers its rows, and SQLite changes the numbers of ours when it tidies the file up: a table stands between.
SQLITE = (
    "CREATE TABLE {0}_search_row (number INTEGER PRIMARY KEY, id CHAR(32) NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE {0}_search USING fts5(words, content='', tokenize='ascii', prefix='2 3', detail=none)",
    'CREATE TRIGGER {0}_search_added AFTER INSERT ON "{0}" BEGIN {numbered}; {added}; END',
    'CREATE TRIGGER {0}_search_changed AFTER UPDATE OF search_text ON "{0}"'
    " WHEN old.search_text IS NOT new.search_text BEGIN {removed}; {added}; END",
    'CREATE TRIGGER {0}_search_removed AFTER DELETE ON "{0}" BEGIN {removed}; {unnumbered}; END',
)
PARTS = {
    "numbered": "INSERT INTO {0}_search_row (id) VALUES (new.id)",
    "unnumbered": "DELETE FROM {0}_search_row WHERE id = old.id",
    "added": "INSERT INTO {0}_search (rowid, words) SELECT number, new.search_text FROM {0}_search_row WHERE id = new.id",
    "removed": "INSERT INTO {0}_search ({0}_search, rowid, words)"
    " SELECT 'delete', number, old.search_text FROM {0}_search_row WHERE id = old.id",
}
FILLED = (
    'INSERT INTO {0}_search_row (id) SELECT id FROM "{0}" ORDER BY id',
    "INSERT INTO {0}_search (rowid, words)"
    ' SELECT r.number, t.search_text FROM {0}_search_row r JOIN "{0}" t ON t.id = r.id ORDER BY r.number',
)


def upgrade():
    """Every row has its text in its new form, and the index holds it. Code of before goes on: what it writes is found."""
    _write("group", GROUPS, lambda row: text_of(row.name, f"{row.summary} {row.topics}", plain(row.description, 4000), row.place))
    _write("event", EVENTS, lambda row: text_of(row.title, f"{row.summary} {row.group_name}", place=row.place))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(WORDS_FUNCTION)
        for table in SEARCHED:
            op.execute(f'CREATE INDEX ix_{table}_search ON "{table}" USING gin (search_words(search_text))')
    else:
        for table in SEARCHED:
            parts = {name: part.format(table) for name, part in PARTS.items()}
            for statement in (*SQLITE[:2], *FILLED, *SQLITE[2:]):
                op.execute(statement.format(table, **parts))
    op.create_index("ix_group_largest", "group", ["member_count", "id"], **STANDING)
    op.create_index("ix_group_newest", "group", ["created_at", "id"], **STANDING)
    op.create_index("ix_group_category_category_id_group_id", "group_category", ["category_id", "group_id"])
    op.create_index("ix_membership_joined", "membership", ["group_id", "created_at", "id"])


def downgrade():
    """Groups and events are found by reading their texts, as before."""
    op.drop_index("ix_membership_joined", "membership")
    op.drop_index("ix_group_category_category_id_group_id", "group_category")
    op.drop_index("ix_group_newest", "group")
    op.drop_index("ix_group_largest", "group")
    if op.get_bind().dialect.name == "postgresql":
        for table in SEARCHED:
            op.execute(f"DROP INDEX ix_{table}_search")
        op.execute("DROP FUNCTION search_words(text)")
    else:
        for table in SEARCHED:
            for name in ("added", "changed", "removed"):
                op.execute(f"DROP TRIGGER {table}_search_{name}")
            op.execute(f"DROP TABLE {table}_search")
            op.execute(f"DROP TABLE {table}_search_row")
    _write("group", GROUPS, lambda row: folded(f"{row.name} {row.summary} {row.place} {row.topics}"))
    _write("event", EVENTS, lambda row: folded(f"{row.title} {row.summary} {row.place} {row.group_name}"))


GROUPS = """
SELECT g.id, g.name, g.summary, g.description, g.place, coalesce((
    SELECT {gathered} FROM group_category gc JOIN category c ON c.id = gc.category_id WHERE gc.group_id = g.id
), '') AS topics FROM "group" g
"""
EVENTS = """
SELECT e.id, e.title, e.summary, e.place, coalesce(g.name, '') AS group_name
FROM event e LEFT JOIN "group" g ON g.id = e.group_id
"""


def _write(table, chosen, text):
    connection = op.get_bind()
    on_postgresql = connection.dialect.name == "postgresql"
    gathered = "string_agg(c.name, ' ')" if on_postgresql else "group_concat(c.name, ' ')"
    rows = connection.execute(sa.text(chosen.format(gathered=gathered))).fetchall()
    change = sa.text(f'UPDATE "{table}" SET search_text = :text WHERE id = :id')
    for first in range(0, len(rows), BATCH):
        connection.execute(change, [{"id": row.id, "text": text(row)} for row in rows[first : first + BATCH]])
