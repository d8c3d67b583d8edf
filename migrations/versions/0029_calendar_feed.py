"""Whole days, when an event last changed, and the secret addresses of calendars

Revision ID: 0029
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Events that stand have hours; when they last changed is known from now on."""
    op.add_column("event", sa.Column("is_all_day", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("event", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_calendar_feed_group_id_group"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_feed_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("uq_calendar_feed_user_id_group_id")),
    )
    own = sa.text("group_id IS NULL")
    op.create_index("ix_calendar_feed_own", "calendar_feed", ["user_id"], unique=True, sqlite_where=own, postgresql_where=own)
    op.create_index(op.f("ix_calendar_feed_group_id"), "calendar_feed", ["group_id"])


def downgrade() -> None:
    """No address of a calendar is known any more; whole days become hours from midnight to midnight."""
    op.drop_index(op.f("ix_calendar_feed_group_id"), table_name="calendar_feed")
    op.drop_index("ix_calendar_feed_own", table_name="calendar_feed")
    op.drop_table("calendar_feed")
    op.drop_column("event", "changed_at")
    op.drop_column("event", "is_all_day")
