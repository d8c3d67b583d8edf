"""Lead people back to where they were before they signed up

Revision ID: 0006_came_for
Revises: 0005_reply_picture
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_came_for"
down_revision = "0005_reply_picture"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The page that a new account opens first."""
    op.add_column("user", sa.Column("came_for", sa.String(300), nullable=True))


def downgrade() -> None:
    """They open the first page again."""
    op.drop_column("user", "came_for")
