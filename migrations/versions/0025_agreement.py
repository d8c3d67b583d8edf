"""Versions of the house rules to which everybody agrees anew

Revision ID: 0025
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is asked about versions of before."""
    op.add_column("site_page", sa.Column("asks", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Nobody is asked."""
    op.drop_column("site_page", "asks")
