"""Don't count people who left among those who can vote

Revision ID: 0008_who_left
Revises: 0007_name_order
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_who_left"
down_revision = "0007_name_order"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns with defaults. The code before writes neither, so who leaves meanwhile is counted."""
    op.add_column(
        "voter",
        sa.Column("left_by_choice", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    with op.batch_alter_table("vote") as table:
        table.add_column(sa.Column("left_count", sa.Integer(), server_default="0", nullable=False))
        table.create_check_constraint(op.f("ck_vote_left"), "left_count BETWEEN 0 AND roll_count")


def downgrade() -> None:
    """Everyone on the electoral roll counts again; results that were counted stay."""
    with op.batch_alter_table("vote") as table:
        table.drop_constraint(op.f("ck_vote_left"), type_="check")
        table.drop_column("left_count")
    op.drop_column("voter", "left_by_choice")
