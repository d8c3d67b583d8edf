"""How often an answer took its event out of a calendar

Revision ID: 0058
Revises: 0057
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

TABLES = {"rsvp": "state IN ('not_going', 'refused')", "session_booking": "state = 'not_going'"}


def upgrade() -> None:
    """Who does not come now has said so once, as far as anybody knows."""
    for table, is_out in TABLES.items():
        op.add_column(table, sa.Column("withdrawals", sa.Integer(), server_default="0", nullable=False))
        op.execute(f"UPDATE {table} SET withdrawals = 1 WHERE {is_out}")


def downgrade() -> None:
    """Nobody counts it."""
    for table in TABLES:
        op.drop_column(table, "withdrawals")
