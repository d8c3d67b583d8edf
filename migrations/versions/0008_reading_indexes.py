"""Indexes that carry pages"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

GOING = sa.text("state = 'going'")


def upgrade() -> None:
    """Long lists are read in the order of an index, and the answers to an event are counted in one."""
    op.create_index("ix_event_to_come", "event", ["starts_at", "id", "ends_at"])
    op.drop_index("ix_event_listed", "event")
    op.create_index("ix_rsvp_counted", "rsvp", ["event_id", "state", "is_anonymous", "party"])
    op.create_index("ix_rsvp_going", "rsvp", ["event_id", "answered_at", "id"], sqlite_where=GOING, postgresql_where=GOING)
    op.drop_index("ix_rsvp_event_id_state", "rsvp")


def downgrade() -> None:
    """The indexes of before."""
    op.create_index("ix_rsvp_event_id_state", "rsvp", ["event_id", "state", "created_at"])
    op.drop_index("ix_rsvp_going", "rsvp")
    op.drop_index("ix_rsvp_counted", "rsvp")
    op.create_index("ix_event_listed", "event", ["audience", "state", "starts_at", "id"])
    op.drop_index("ix_event_to_come", "event")
