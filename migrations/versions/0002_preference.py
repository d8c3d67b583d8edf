"""What people want to hear, and how: preferences, levels of groups, daily mails; a line's words by name"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DAILY = "channel = 'daily' AND digest_id IS NULL AND read_at IS NULL"


def upgrade() -> None:
    """Lines of before keep the label that they have, and wait for no daily mail."""
    op.create_table(
        "preference",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel IN ('now', 'daily', 'inbox', 'off')", name=op.f("ck_preference_channel")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_preference_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_preference_user_id_kind")),
    )
    op.create_table(
        "group_level",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('important', 'nothing')", name=op.f("ck_group_level_level")),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_group_level_group_id_group"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_group_level_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_level")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("uq_group_level_user_id_group_id")),
    )
    op.create_index(op.f("ix_group_level_group_id"), "group_level", ["group_id"])
    op.create_table(
        "digest",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_digest_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("user_id", "day", name=op.f("uq_digest_user_id_day")),
    )
    with op.batch_alter_table("notification") as batch_op:
        batch_op.add_column(sa.Column("words", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.String(length=10), server_default="inbox", nullable=False))
        batch_op.add_column(sa.Column("digest_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_notification_digest_id_digest"), "digest", ["digest_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index("ix_notification_digest_id", ["digest_id"])
        batch_op.create_index("ix_notification_daily", ["user_id"], sqlite_where=sa.text(DAILY), postgresql_where=sa.text(DAILY))


def downgrade() -> None:
    """Everyone hears everything again, as before."""
    with op.batch_alter_table("notification") as batch_op:
        batch_op.drop_index("ix_notification_daily")
        batch_op.drop_index("ix_notification_digest_id")
        batch_op.drop_constraint(op.f("fk_notification_digest_id_digest"), type_="foreignkey")
        batch_op.drop_column("digest_id")
        batch_op.drop_column("channel")
        batch_op.drop_column("words")
    op.drop_table("digest")
    op.drop_table("group_level")
    op.drop_table("preference")
