"""Let people react to what others write

Revision ID: 0004_reaction
Revises: 0003_weekly_digest
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_reaction"
down_revision = "0003_weekly_digest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table, of which the code before knows nothing: rows go with their post and person."""
    op.create_table(
        "reaction",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('agree', 'thanks', 'great', 'funny', 'sad')", name=op.f("ck_reaction_kind")
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["reply.id"], name=op.f("fk_reaction_reply_id_reply"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_reaction_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaction")),
        sa.UniqueConstraint(
            "reply_id", "user_id", "kind", name=op.f("uq_reaction_reply_id_user_id_kind")
        ),
    )
    op.create_index(op.f("ix_reaction_user_id"), "reaction", ["user_id"], unique=False)


def downgrade() -> None:
    """Reactions are gone."""
    op.drop_index(op.f("ix_reaction_user_id"), table_name="reaction")
    op.drop_table("reaction")
