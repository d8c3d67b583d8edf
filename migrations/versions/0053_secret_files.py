"""Secret ballots leave no old copies in PostgreSQL's files: nothing is left to clear up after a vote

Revision ID: 0053
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What earlier mixes left behind is gone, too: the tables get new files."""
    with op.batch_alter_table("vote") as vote:
        vote.drop_column("cleared_at")
    if op.get_bind().dialect.name == "postgresql":
        for table, column, kind in (
            ("secret_roll", "voted", "boolean"),
            ("secret_ballot", "is_fresh", "boolean"),
            ("secret_link", "n", "integer"),
        ):
            same = f"CASE WHEN random() < 2 THEN {column} END"
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} USING {same}")


def downgrade() -> None:
    """Every vote that is over is cleared up after once more."""
    with op.batch_alter_table("vote") as vote:
        vote.add_column(sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True))
