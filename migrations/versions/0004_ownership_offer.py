"""Offers of ownership"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Owners offer ownership; whoever accepts owns."""
    op.create_table(
        "ownership_offer",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("steps_down", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("by_id <> user_id", name=op.f("ck_ownership_offer_another")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_ownership_offer_by_id_user"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_ownership_offer_group_id_group"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_ownership_offer_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_offer")),
        sa.UniqueConstraint("group_id", "user_id", name=op.f("uq_ownership_offer_group_id_user_id")),
    )
    op.create_index(op.f("ix_ownership_offer_by_id"), "ownership_offer", ["by_id"])
    op.create_index(op.f("ix_ownership_offer_expires_at"), "ownership_offer", ["expires_at"])
    op.create_index(op.f("ix_ownership_offer_user_id"), "ownership_offer", ["user_id"])


def downgrade() -> None:
    """Open offers are forgotten."""
    op.drop_table("ownership_offer")
