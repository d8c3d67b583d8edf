"""Whether an account was closed by the site's admins, also where its person is leaving

Revision ID: 0039
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0030"
branch_labels = None
depends_on = None

CLOSED = (
    'UPDATE "user" SET suspended_at = deactivated_at WHERE deactivated_at IS NOT NULL AND leaves_at IS NULL AND erased_at IS NULL'
)


def upgrade() -> None:
    """Who is closed and neither leaving nor gone was closed by an admin. Code of before writes none: what it closes is reopened
    all the same."""
    op.add_column("user", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(CLOSED)


def downgrade() -> None:
    """Who was closed while leaving may come back again until the account is erased."""
    op.drop_column("user", "suspended_at")
