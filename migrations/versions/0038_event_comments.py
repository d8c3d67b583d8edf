"""People talk about an event: it holds the id of its thread

Revision ID: 0038
Revises: 0037
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

THREAD = "CONSTRAINT fk_event_thread_id_thread REFERENCES thread (id)"


def upgrade() -> None:
    """In SQL, for SQLite adds a column with a reference at once only so, and would lose triggers if the table were made anew."""
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(f"ALTER TABLE event ADD COLUMN thread_id {uuid} {THREAD}")
    op.create_index("ix_event_thread_id", "event", ["thread_id"])


def downgrade() -> None:
    """What was said stays in its threads, which no page shows."""
    op.drop_index("ix_event_thread_id", "event")
    op.drop_column("event", "thread_id")
