"""What many are told about an event, and whom its hosts invite"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0028"
branch_labels = None
depends_on = None

RUNNING = sa.text("ended_at IS NULL")
KINDS = "'published', 'changed', 'cancelled', 'hidden', 'shown', 'day', 'hour', 'message', 'invited', 'members'"


def _base() -> list[sa.Column]:
    return [sa.Column("id", sa.Uuid(), nullable=False), sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)]


def _moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete)


def upgrade() -> None:
    """Nobody has been told anything in this way, and nobody was invited."""
    op.add_column("event", _moment("timed_at"))
    op.add_column("guest", _moment("silent_since"))
    _news()
    _invitations()


def _news() -> None:
    op.create_table(
        "event_news",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        _moment("starts_at"),
        _moment("due_at", nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        _moment("begun_at"),
        _moment("ended_at"),
        *_base(),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_event_news_kind")),
        sa.CheckConstraint("(kind IN ('day', 'hour')) = (starts_at IS NOT NULL)", name=op.f("ck_event_news_starts_at")),
        sa.CheckConstraint("total >= 0 AND told >= 0", name=op.f("ck_event_news_told")),
        _to("event_news", "event_id", "event"),
        _to("event_news", "by_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_news")),
        sa.UniqueConstraint("event_id", "kind", "starts_at", name=op.f("uq_event_news_event_id_kind_starts_at")),
    )
    op.create_index(op.f("ix_event_news_by_id"), "event_news", ["by_id"])
    op.create_index("ix_event_news_event_id_created_at", "event_news", ["event_id", "created_at"])
    op.create_index("ix_event_news_due", "event_news", ["due_at"], sqlite_where=RUNNING, postgresql_where=RUNNING)


def _invitations() -> None:
    op.create_table(
        "event_invitation",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("news_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("address_hash", sa.String(length=64), nullable=True),
        _moment("sent_at"),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        *_base(),
        sa.CheckConstraint("(user_id IS NULL) <> (address_hash IS NULL)", name=op.f("ck_event_invitation_whom")),
        sa.CheckConstraint(
            "email IS NULL OR (address_hash IS NOT NULL AND email = lower(email))", name=op.f("ck_event_invitation_email")
        ),
        _to("event_invitation", "event_id", "event"),
        _to("event_invitation", "news_id", "event_news"),
        _to("event_invitation", "by_id", "user"),
        _to("event_invitation", "user_id", "user"),
        _to("event_invitation", "letter_id", "letter", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_invitation")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_event_invitation_event_id_user_id")),
        sa.UniqueConstraint("event_id", "address_hash", name=op.f("uq_event_invitation_event_id_address_hash")),
    )
    for column in ("news_id", "by_id", "user_id", "email", "letter_id"):
        op.create_index(op.f(f"ix_event_invitation_{column}"), "event_invitation", [column])
    op.create_index("ix_event_invitation_event_id_id", "event_invitation", ["event_id", "id"])


def downgrade() -> None:
    """What was on its way is forgotten."""
    op.drop_table("event_invitation")
    op.drop_table("event_news")
    op.drop_column("guest", "silent_since")
    op.drop_column("event", "timed_at")
