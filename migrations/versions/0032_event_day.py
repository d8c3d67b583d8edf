"""How events filled, day by day

Revision ID: 0032
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0029"
branch_labels = None
depends_on = None

#: Who gave up a seat before this is in no table: those who stand there today came on the day of their answer.
BACKFILL = """
    INSERT INTO event_day (event_id, day, seats, waiting)
    SELECT event_id, day,
           SUM(seats) OVER (PARTITION BY event_id ORDER BY day), SUM(waiting) OVER (PARTITION BY event_id ORDER BY day)
    FROM (
        SELECT event_id, {day} AS day,
               SUM(CASE WHEN state IN ('going', 'offered') THEN party ELSE 0 END) AS seats,
               SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS waiting
        FROM rsvp WHERE state IN ('going', 'offered', 'waiting')
        GROUP BY event_id, {day}
    ) AS days
"""


def upgrade() -> None:
    """The column stays empty: it is filled when an event's seats change again."""
    op.add_column("event", sa.Column("counted_on", sa.Date(), nullable=True))
    op.create_table(
        "event_day",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_day_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "day", name=op.f("pk_event_day")),
    )
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(BACKFILL.format(day="(answered_at AT TIME ZONE 'UTC')::date" if on_postgresql else "date(answered_at)"))


def downgrade() -> None:
    """What was counted is gone; the answers stay."""
    op.drop_table("event_day")
    op.drop_column("event", "counted_on")
