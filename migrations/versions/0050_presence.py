"""Who lets others see that they are here

Revision ID: 0050
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is shown until they say so."""
    op.add_column("user", sa.Column("shows_presence", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Nobody is shown any more."""
    op.drop_column("user", "shows_presence")
