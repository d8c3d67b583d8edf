"""Where an event stood before it got an address that nobody guesses

Revision ID: 0045
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No event has stood anywhere else so far."""
    op.create_table(
        "event_slug",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_slug_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_event_slug")),
    )
    op.create_index(op.f("ix_event_slug_event_id"), "event_slug", ["event_id"])


def downgrade() -> None:
    """Addresses of before lead nowhere."""
    op.drop_table("event_slug")
