"""Threads, replies with their versions, and how people stand to them"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0024"
branch_labels = None
depends_on = None

LISTED = sa.text("deleted_at IS NULL AND pinned_at IS NULL")
PINNED = sa.text("deleted_at IS NULL AND pinned_at IS NOT NULL")
FOLLOWS = sa.text("state = 'follows'")


def _base() -> list[sa.Column]:
    return [sa.Column("id", sa.Uuid(), nullable=False), sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)]


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _to(table: str, column: str, other: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete)


def upgrade() -> None:
    """Nobody has said anything yet."""
    _threads()
    _replies()
    _people()


def _threads() -> None:
    op.create_table(
        "thread",
        sa.Column("kind", sa.String(length=10), server_default="group", nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("is_announcement", sa.Boolean(), server_default=sa.false(), nullable=False),
        *(_moment(name) for name in ("pinned_at", "locked_at", "deleted_at")),
        sa.Column("last_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reply_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        *_base(),
        sa.CheckConstraint("kind IN ('group', 'event', 'vote')", name=op.f("ck_thread_kind")),
        sa.CheckConstraint("kind <> 'group' OR group_id IS NOT NULL", name=op.f("ck_thread_group_id")),
        sa.CheckConstraint("reply_count >= 0 AND reply_count <= last_number", name=op.f("ck_thread_reply_count")),
        _to("thread", "group_id", "group"),
        _to("thread", "author_id", "user", ondelete=None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    listed, pinned = ["group_id", "last_at", "id"], ["group_id", "pinned_at"]
    op.create_index("ix_thread_listed", "thread", listed, sqlite_where=LISTED, postgresql_where=LISTED)
    op.create_index("ix_thread_pinned", "thread", pinned, sqlite_where=PINNED, postgresql_where=PINNED)
    for column in ("group_id", "author_id", "deleted_at"):
        op.create_index(op.f(f"ix_thread_{column}"), "thread", [column])


def _replies() -> None:
    op.create_table(
        "reply",
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _moment("edited_at"),
        sa.Column("gone", sa.String(length=10), nullable=True),
        *(_moment(name) for name in ("gone_at", "hidden_at")),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        *_base(),
        sa.CheckConstraint("number >= 0", name=op.f("ck_reply_number")),
        sa.CheckConstraint("answers IS NULL OR answers < number", name=op.f("ck_reply_answers")),
        sa.CheckConstraint("gone IS NULL OR gone IN ('author', 'moderator')", name=op.f("ck_reply_gone")),
        sa.CheckConstraint("(gone IS NULL) = (gone_at IS NULL)", name=op.f("ck_reply_gone_at")),
        _to("reply", "thread_id", "thread"),
        _to("reply", "author_id", "user", ondelete=None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("thread_id", "number", name=op.f("uq_reply_thread_id_number")),
    )
    for column in ("author_id", "gone_at"):
        op.create_index(op.f(f"ix_reply_{column}"), "reply", [column])
    op.create_table(
        "reply_version",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        *_base(),
        _to("reply_version", "reply_id", "reply"),
        _to("reply_version", "by_id", "user", ondelete=None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_version")),
        sa.UniqueConstraint("reply_id", "number", name=op.f("uq_reply_version_reply_id_number")),
    )
    op.create_index(op.f("ix_reply_version_by_id"), "reply_version", ["by_id"])


def _people() -> None:
    op.create_table(
        "mention",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        *_base(),
        _to("mention", "reply_id", "reply"),
        _to("mention", "user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint("reply_id", "user_id", name=op.f("uq_mention_reply_id_user_id")),
    )
    op.create_index(op.f("ix_mention_user_id"), "mention", ["user_id"])
    op.create_table(
        "thread_reader",
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("seen", sa.Integer(), server_default="0", nullable=False),
        *_base(),
        sa.CheckConstraint("state IN ('follows', 'muted', 'reads')", name=op.f("ck_thread_reader_state")),
        _to("thread_reader", "thread_id", "thread"),
        _to("thread_reader", "user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_reader")),
        sa.UniqueConstraint("thread_id", "user_id", name=op.f("uq_thread_reader_thread_id_user_id")),
    )
    op.create_index(op.f("ix_thread_reader_user_id"), "thread_reader", ["user_id"])
    following = ["thread_id", "user_id"]
    op.create_index("ix_thread_reader_follows", "thread_reader", following, sqlite_where=FOLLOWS, postgresql_where=FOLLOWS)
    op.create_table(
        "telling",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        *_base(),
        _to("telling", "reply_id", "reply"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_telling_reply_id")),
    )


def downgrade() -> None:
    """What was said is gone."""
    for table in ("telling", "thread_reader", "mention", "reply_version", "reply", "thread"):
        op.drop_table(table)
