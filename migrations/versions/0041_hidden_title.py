"""A thread's title is out of sight with the words with which the thread begins

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TAKEN_AWAY = (
    "UPDATE thread SET title_hidden_at = (SELECT COALESCE(reply.hidden_at, reply.gone_at) FROM reply"
    " WHERE reply.thread_id = thread.id AND reply.number = 0)"
    " WHERE EXISTS (SELECT 1 FROM reply WHERE reply.thread_id = thread.id AND reply.number = 0"
    " AND (reply.hidden_at IS NOT NULL OR reply.gone = 'moderator'))"
)


def upgrade() -> None:
    """Titles of openings that moderators have hidden or removed are hidden."""
    op.add_column("thread", sa.Column("title_hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(TAKEN_AWAY)


def downgrade() -> None:
    """Titles are shown, whatever became of the words below them."""
    op.drop_column("thread", "title_hidden_at")
