"""Guests: people who answer an event without an account"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has come as a guest yet; hosts who want none say so."""
    op.create_table(
        "guest",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_guest_email_lower")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_guest_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("event_id", "email", name=op.f("uq_guest_event_id_email")),
    )
    op.create_index(op.f("ix_guest_email"), "guest", ["email"])
    for table in ("event", "event_default"):
        op.add_column(table, sa.Column("takes_guests", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("rsvp") as batch_op:
        batch_op.alter_column("user_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.add_column(sa.Column("guest_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_rsvp_guest_id_guest"), "guest", ["guest_id"], ["id"], ondelete="SET NULL")
        batch_op.create_unique_constraint(op.f("uq_rsvp_guest_id"), ["guest_id"])
        batch_op.create_check_constraint(op.f("ck_rsvp_who"), "user_id IS NULL OR guest_id IS NULL")
    with op.batch_alter_table("queue_step") as batch_op:
        batch_op.add_column(sa.Column("guest_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_queue_step_guest_id_guest"), "guest", ["guest_id"], ["id"], ondelete="SET NULL")
        batch_op.create_index(op.f("ix_queue_step_guest_id"), ["guest_id"])


def downgrade() -> None:
    """Guests are gone, and so are their answers; the events count again who is left."""
    with op.batch_alter_table("queue_step") as batch_op:
        batch_op.drop_index(op.f("ix_queue_step_guest_id"))
        batch_op.drop_constraint(op.f("fk_queue_step_guest_id_guest"), type_="foreignkey")
        batch_op.drop_column("guest_id")
    op.execute("DELETE FROM rsvp WHERE user_id IS NULL")
    held = "(SELECT coalesce(sum(party), 0) FROM rsvp WHERE event_id = event.id AND state IN ('going', 'offered'))"
    waiting = "(SELECT count(*) FROM rsvp WHERE event_id = event.id AND state = 'waiting')"
    op.execute(f"UPDATE event SET seats_taken = {held}, waiting_count = {waiting}")
    with op.batch_alter_table("rsvp") as batch_op:
        batch_op.drop_constraint(op.f("ck_rsvp_who"), type_="check")
        batch_op.drop_constraint(op.f("uq_rsvp_guest_id"), type_="unique")
        batch_op.drop_constraint(op.f("fk_rsvp_guest_id_guest"), type_="foreignkey")
        batch_op.drop_column("guest_id")
        batch_op.alter_column("user_id", existing_type=sa.Uuid(), nullable=False)
    for table in ("event_default", "event"):
        op.drop_column(table, "takes_guests")
    op.drop_table("guest")
