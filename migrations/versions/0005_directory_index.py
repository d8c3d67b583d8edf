"""The directory is read in the order of an index"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STANDING = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    """A page of the directory reads as many groups as it shows, and its total an index alone."""
    columns = ["name", "id", "visibility", "deleted_at"]
    op.create_index("ix_group_directory", "group", columns, sqlite_where=STANDING, postgresql_where=STANDING)
    op.drop_index("ix_group_listed", "group")


def downgrade() -> None:
    """The index of before."""
    op.create_index("ix_group_listed", "group", ["visibility", "deleted_at", "name"])
    op.drop_index("ix_group_directory", "group")
