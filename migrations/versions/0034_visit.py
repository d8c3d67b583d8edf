"""Answers have tickets, and hosts say who came

Revision ID: 0034
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0042"
branch_labels = None
depends_on = None


def _to(table: str, column: str, other: str, gone: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=gone)


def upgrade() -> None:
    """Answers that are there keep no number: their tickets are found without (`events/door.py`), and no row is written."""
    moment = sa.DateTime(timezone=True)
    op.add_column("rsvp", sa.Column("ticket", sa.String(length=4), nullable=True))
    op.create_index("ix_rsvp_ticket", "rsvp", ["ticket"])
    op.create_table(
        "visit",
        sa.Column("rsvp_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("inside", sa.Integer(), nullable=False),
        sa.Column("first_at", moment, nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.CheckConstraint("came > 0 AND inside BETWEEN 0 AND came", name=op.f("ck_visit_inside")),
        _to("visit", "rsvp_id", "rsvp"),
        _to("visit", "event_id", "event"),
        sa.PrimaryKeyConstraint("rsvp_id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_event_id_came_inside", "visit", ["event_id", "came", "inside"])
    op.create_table(
        "door_step",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("rsvp_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("is_in", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("undone_at", moment, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("people BETWEEN 1 AND 21", name=op.f("ck_door_step_people")),
        _to("door_step", "event_id", "event"),
        _to("door_step", "rsvp_id", "rsvp"),
        _to("door_step", "by_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_step")),
    )
    op.create_index("ix_door_step_event_id_id", "door_step", ["event_id", "id"])
    for column in ("rsvp_id", "by_id"):
        op.create_index(op.f(f"ix_door_step_{column}"), "door_step", [column])


def downgrade() -> None:
    """Who came is forgotten."""
    op.drop_table("door_step")
    op.drop_table("visit")
    op.drop_index("ix_rsvp_ticket", "rsvp")
    op.drop_column("rsvp", "ticket")
