"""Votes that are over stay: their event may go without them, and admins hide all but the title

Revision ID: 0060
Revises: 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

EVENT, HIDER = "fk_vote_event_id_event", "fk_vote_hidden_by_id_user"
OF_EVENT = "electorate NOT IN ('going', 'attended') OR event_id IS NOT NULL"


def upgrade() -> None:
    """No vote is hidden; what becomes of an event that is gone for good takes no vote along."""
    with op.batch_alter_table("vote") as vote:
        vote.drop_constraint(op.f("ck_vote_event"), type_="check")
        vote.drop_constraint(EVENT, type_="foreignkey")
        vote.create_foreign_key(EVENT, "event", ["event_id"], ["id"], ondelete="SET NULL")
        vote.add_column(sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
        vote.add_column(sa.Column("hidden_by_id", sa.Uuid(), nullable=True))
        vote.create_foreign_key(HIDER, "user", ["hidden_by_id"], ["id"])
        vote.create_index(op.f("ix_vote_hidden_by_id"), ["hidden_by_id"])


def downgrade() -> None:
    """Votes whose event is gone were put to all members as far as anyone can tell now. Hidden ones show again."""
    op.execute("UPDATE vote SET electorate = 'members' WHERE electorate IN ('going', 'attended') AND event_id IS NULL")
    with op.batch_alter_table("vote") as vote:
        vote.drop_index(op.f("ix_vote_hidden_by_id"))
        vote.drop_constraint(HIDER, type_="foreignkey")
        vote.drop_column("hidden_by_id")
        vote.drop_column("hidden_at")
        vote.drop_constraint(EVENT, type_="foreignkey")
        vote.create_foreign_key(EVENT, "event", ["event_id"], ["id"], ondelete="CASCADE")
        vote.create_check_constraint(op.f("ck_vote_event"), OF_EVENT)
