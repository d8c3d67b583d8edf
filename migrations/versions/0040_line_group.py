"""A line of an inbox knows the group that it is of, so that what waits for the daily mail follows what one chooses about it

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lines of before know none: they wait for a day at most."""
    op.add_column("notification", sa.Column("group_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Lines know their page alone."""
    op.drop_column("notification", "group_id")
