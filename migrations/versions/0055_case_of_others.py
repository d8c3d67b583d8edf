"""A case keeps what a thing said of other people by their ids, so that it goes with them

Revision ID: 0055
Revises: 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Cases from before say nothing of others."""
    of_others = sa.Column("of_others", sa.JSON(), server_default="{}", nullable=False)
    op.add_column("report_case", of_others)


def downgrade() -> None:
    """What they said of others is forgotten."""
    op.drop_column("report_case", "of_others")
