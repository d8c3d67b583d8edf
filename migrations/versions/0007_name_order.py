"""Let people choose the order of their names, and have one name

Revision ID: 0007_name_order
Revises: 0006_came_for
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_name_order"
down_revision = "0006_came_for"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column with a default. The code before shows the given name first, and an empty last name
    as nothing.
    """
    op.add_column(
        "user",
        sa.Column("family_name_first", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """The order is gone; names stay."""
    op.drop_column("user", "family_name_first")
