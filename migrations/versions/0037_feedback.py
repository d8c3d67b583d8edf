"""Those who were there say how it was

Revision ID: 0037
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0034"
branch_labels = None
depends_on = None

WAYS = "CONSTRAINT ck_event_feedback CHECK (feedback IN ('named', 'anonymous', 'none'))"
KINDS = ("published", "changed", "cancelled", "hidden", "shown", "day", "hour", "message", "invited", "members")


def _kinds(kinds: tuple[str, ...], standing: str) -> None:
    named = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("event_news") as news:
        for name in ("kind", "starts_at"):
            news.drop_constraint(op.f(f"ck_event_news_{name}"), type_="check")
        news.create_check_constraint(op.f("ck_event_news_kind"), f"kind IN ({named})")
        news.create_check_constraint(op.f("ck_event_news_starts_at"), f"(kind IN ({standing})) = (starts_at IS NOT NULL)")


def upgrade() -> None:
    """Feedback carries names until a host says otherwise. The column in SQL: SQLite adds one with its condition at once only so."""
    op.execute(f"ALTER TABLE event ADD COLUMN feedback VARCHAR(10) DEFAULT 'named' NOT NULL {WAYS}")
    _kinds((*KINDS[:7], "feedback", *KINDS[7:]), "'day', 'hour', 'feedback'")
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("shown_stars", sa.Integer(), nullable=True),
        sa.Column("shown_comment", sa.Text(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_feedback_stars")),
        sa.CheckConstraint("user_id IS NULL OR guest_id IS NULL", name=op.f("ck_feedback_who")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_feedback_event_id_event"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_feedback_user_id_user"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_feedback_guest_id_guest"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("event_id", "tag", name=op.f("uq_feedback_event_id_tag")),
        sqlite_with_rowid=False,
    )
    for column in ("user_id", "guest_id"):
        op.create_index(op.f(f"ix_feedback_{column}"), "feedback", [column])


def downgrade() -> None:
    """What was said is gone, and nobody was asked."""
    op.drop_table("feedback")
    op.execute("DELETE FROM event_news WHERE kind = 'feedback'")
    _kinds(KINDS, "'day', 'hour'")
    op.drop_column("event", "feedback")
