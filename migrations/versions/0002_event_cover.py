"""Let hosts choose an event's drawn cover

Revision ID: 0002_event_cover
Revises: 0001_release
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_event_cover"
down_revision = "0001_release"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Events follow their topic until a host chooses."""
    op.add_column("event", sa.Column("cover", sa.String(20), nullable=False, server_default=""))


def downgrade() -> None:
    """As it was before."""
    op.drop_column("event", "cover")
