"""Guests write to the hosts, and are found by their names without case and accents"""

import sqlalchemy as sa
from alembic import op

from webapp.core.text import folded

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

#: So many guests are written at once.
BATCH = 500


def upgrade() -> None:
    """A message is somebody's with an account, or a guest's; every guest is found by the name that they gave."""
    with op.batch_alter_table("host_message") as message:
        message.alter_column("user_id", existing_type=sa.Uuid(), nullable=True)
        message.add_column(sa.Column("guest_id", sa.Uuid(), nullable=True))
        message.create_foreign_key(op.f("fk_host_message_guest_id_guest"), "guest", ["guest_id"], ["id"], ondelete="CASCADE")
        message.create_check_constraint(op.f("ck_host_message_who"), "(user_id IS NULL) <> (guest_id IS NULL)")
        message.create_index(op.f("ix_host_message_guest_id"), ["guest_id"])
    op.add_column("guest", sa.Column("search_text", sa.String(length=200), server_default="", nullable=False))
    _fold_names()


def _fold_names() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, name FROM guest")).all()
    change = sa.text("UPDATE guest SET search_text = :text WHERE id = :id")
    for first in range(0, len(rows), BATCH):
        connection.execute(change, [{"id": row.id, "text": folded(row.name)[:200]} for row in rows[first : first + BATCH]])


def downgrade() -> None:
    """What guests wrote has gone out by mail, and is forgotten."""
    op.drop_column("guest", "search_text")
    op.execute("DELETE FROM host_message WHERE user_id IS NULL")
    with op.batch_alter_table("host_message") as message:
        message.drop_index(op.f("ix_host_message_guest_id"))
        message.drop_constraint(op.f("ck_host_message_who"), type_="check")
        message.drop_constraint(op.f("fk_host_message_guest_id_guest"), type_="foreignkey")
        message.drop_column("guest_id")
        message.alter_column("user_id", existing_type=sa.Uuid(), nullable=False)
