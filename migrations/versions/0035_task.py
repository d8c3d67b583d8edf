"""What there is to do for an event: tasks and shifts

Revision ID: 0035
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0042"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _base() -> list[sa.Column]:
    return [sa.Column("id", sa.Uuid(), nullable=False), sa.Column("created_at", MOMENT, nullable=False)]


def _to(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete)


def upgrade() -> None:
    """Nothing is to be done anywhere yet."""
    op.add_column("event", sa.Column("has_help", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "event_task",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=5), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_base(),
        sa.CheckConstraint("state IN ('todo', 'doing', 'done')", name=op.f("ck_event_task_state")),
        _to("event_task", "event_id", "event"),
        _to("event_task", "assignee_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_task")),
        sa.UniqueConstraint("event_id", "state", "place", name=op.f("uq_event_task_event_id_state_place")),
    )
    op.create_index("ix_event_task_assignee_id", "event_task", ["assignee_id", "event_id"])
    op.create_index("ix_event_task_due_at", "event_task", ["due_at"])
    _shifts()


def _shifts() -> None:
    op.create_table(
        "event_shift",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_base(),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_event_shift_times")),
        sa.CheckConstraint("places BETWEEN 1 AND 200", name=op.f("ck_event_shift_places")),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("ck_event_shift_taken")),
        _to("event_shift", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_shift")),
    )
    op.create_index("ix_event_shift_event_id", "event_shift", ["event_id", "starts_at"])
    op.create_index(op.f("ix_event_shift_starts_at"), "event_shift", ["starts_at"])
    op.create_table(
        "shift_claim",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        *_base(),
        _to("shift_claim", "shift_id", "event_shift"),
        _to("shift_claim", "user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_claim")),
        sa.UniqueConstraint("shift_id", "user_id", name=op.f("uq_shift_claim_shift_id_user_id")),
    )
    op.create_index(op.f("ix_shift_claim_user_id"), "shift_claim", ["user_id"])


def downgrade() -> None:
    """What there was to do is forgotten."""
    for name in ("shift_claim", "event_shift", "event_task"):
        op.drop_table(name)
    op.drop_column("event", "has_help")
