"""Let people add pictures to what they write

Revision ID: 0005_reply_picture
Revises: 0004_reaction
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_reply_picture"
down_revision = "0004_reaction"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table and a number with a default: the code before knows nothing of either."""
    op.create_table(
        "reply_picture",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("picture", sa.Uuid(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=300), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_reply_picture_size")),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["reply.id"],
            name=op.f("fk_reply_picture_reply_id_reply"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_picture")),
    )
    op.create_index(op.f("ix_reply_picture_reply_id"), "reply_picture", ["reply_id"], unique=False)
    op.add_column(
        "reply", sa.Column("picture_count", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    """Pictures in posts are gone; a daily sweep deletes their files."""
    op.drop_column("reply", "picture_count")
    op.drop_index(op.f("ix_reply_picture_reply_id"), table_name="reply_picture")
    op.drop_table("reply_picture")
