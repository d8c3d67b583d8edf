"""Leaving: when an account goes, and when it went; what people take along"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is leaving yet, and nobody's data is packed."""
    op.add_column("user", sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_user_leaves_at"), "user", ["leaves_at"])
    op.create_table(
        "data_export",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'ready', 'failed')", name=op.f("ck_data_export_state")),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_data_export_done")),
        sa.CheckConstraint("(state = 'ready') = (expires_at IS NOT NULL)", name=op.f("ck_data_export_expires_at")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_data_export_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_export")),
        sa.UniqueConstraint("user_id", name=op.f("uq_data_export_user_id")),
    )
    op.create_index(op.f("ix_data_export_state"), "data_export", ["state"])


def downgrade() -> None:
    """Who was leaving stays closed; archives are forgotten."""
    op.drop_table("data_export")
    op.drop_index(op.f("ix_user_leaves_at"), "user")
    op.drop_column("user", "erased_at")
    op.drop_column("user", "leaves_at")
