"""What a sign-up with a known address asked for can be asked for again

Revision ID: 0057
Revises: 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Handles that are held now stay so until their time is over."""
    op.add_column("held_handle", sa.Column("is_claim", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Every held handle counts as taken."""
    op.drop_column("held_handle", "is_claim")
