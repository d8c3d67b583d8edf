"""News from outside: sources of groups and of the site, and what they said last

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

#: As in 0024: PostgreSQL indexes an expression, SQLite keeps words and numbers of rows in tables of their own.
POSTGRESQL = "CREATE INDEX ix_news_item_search ON news_item USING gin (search_words(search_text))"
ADDED = "INSERT INTO news_item_search (rowid, words) SELECT number, new.search_text FROM news_item_search_row WHERE id = new.id"
REMOVED = (
    "INSERT INTO news_item_search (news_item_search, rowid, words)"
    " SELECT 'delete', number, old.search_text FROM news_item_search_row WHERE id = old.id"
)
SQLITE = (
    "CREATE TABLE news_item_search_row (number INTEGER PRIMARY KEY, id CHAR(32) NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE news_item_search USING fts5(words, content='', tokenize='ascii', prefix='2 3', detail=none)",
    'CREATE TRIGGER news_item_search_added AFTER INSERT ON "news_item"'
    f" BEGIN INSERT INTO news_item_search_row (id) VALUES (new.id); {ADDED}; END",
    'CREATE TRIGGER news_item_search_changed AFTER UPDATE OF search_text ON "news_item"'
    f" WHEN old.search_text IS NOT new.search_text BEGIN {REMOVED}; {ADDED}; END",
    'CREATE TRIGGER news_item_search_removed AFTER DELETE ON "news_item"'
    f" BEGIN {REMOVED}; DELETE FROM news_item_search_row WHERE id = old.id; END",
)


def upgrade() -> None:
    """Nobody has chosen a source yet."""
    op.add_column("group", sa.Column("has_news", sa.Boolean(), server_default=sa.false(), nullable=False))
    _sources()
    _items()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            op.execute(statement)


def downgrade() -> None:
    """What was read is gone; it stands where it was said."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE news_item_search")
        op.execute("DROP TABLE news_item_search_row")
    op.drop_table("news_item")
    op.drop_table("news_source")
    op.drop_column("group", "has_news")


def _base() -> list[sa.Column]:
    return [sa.Column("id", sa.Uuid(), nullable=False), sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)]


def _text(name: str, length: int, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(length=length), server_default=default, nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE")


def _sources() -> None:
    of_site = sa.text("group_id IS NULL")
    op.create_table(
        "news_source",
        sa.Column("group_id", sa.Uuid(), nullable=True),
        _text("url", 500, None),
        _text("name", 80),
        _text("title", 120),
        _text("home_url", 1000),
        _text("kind", 10),
        _text("state", 10, "new"),
        _text("trouble", 20),
        _moment("failing_since"),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        _text("etag", 300),
        _text("last_modified", 100),
        _moment("looked_at"),
        _moment("fetched_at"),
        _moment("due_at"),
        sa.Column("lease", sa.Uuid(), nullable=True),
        _moment("leased_until"),
        *_base(),
        sa.CheckConstraint("kind IN ('', 'rss', 'atom', 'json', 'posts')", name=op.f("ck_news_source_kind")),
        sa.CheckConstraint("state IN ('new', 'good', 'failing', 'gone')", name=op.f("ck_news_source_state")),
        sa.CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name=op.f("ck_news_source_lease")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_news_source_failures")),
        _to("news_source", "group_id", "group"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_source")),
        sa.UniqueConstraint("group_id", "url", name=op.f("uq_news_source_group_id_url")),
    )
    only = {"sqlite_where": of_site, "postgresql_where": of_site}
    op.create_index("ix_news_source_url_of_site", "news_source", ["url"], unique=True, **only)
    op.create_index("ix_news_source_due_at", "news_source", ["due_at"])


def _items() -> None:
    op.create_table(
        "news_item",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        _text("key", 32, None),
        _text("title", 300, None),
        _text("url", 1000),
        _text("author", 120),
        _text("summary", 300),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        _moment("unlisted_at"),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        *_base(),
        _to("news_item", "source_id", "news_source"),
        _to("news_item", "group_id", "group"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_item")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_news_item_source_id_key")),
    )
    op.create_index("ix_news_item_listed", "news_item", ["group_id", "published_at", "id"])
    op.create_index("ix_news_item_unlisted_at", "news_item", ["unlisted_at"])
