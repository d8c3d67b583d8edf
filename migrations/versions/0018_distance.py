"""People whom somebody has muted or blocked"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who keeps whom at a distance, and how far."""
    op.create_table(
        "distance",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('mute', 'block')", name=op.f("ck_distance_kind")),
        sa.CheckConstraint("user_id <> other_id", name=op.f("ck_distance_another")),
        sa.ForeignKeyConstraint(["other_id"], ["user.id"], name=op.f("fk_distance_other_id_user"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_distance_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distance")),
        sa.UniqueConstraint("user_id", "other_id", name=op.f("uq_distance_user_id_other_id")),
    )
    op.create_index(op.f("ix_distance_other_id"), "distance", ["other_id"])


def downgrade() -> None:
    """Everybody hears of everybody again."""
    op.drop_table("distance")
