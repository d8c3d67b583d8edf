"""Let people have the digest once a week

Revision ID: 0003_weekly_digest
Revises: 0002_event_cover
"""

from alembic import op

revision = "0003_weekly_digest"
down_revision = "0002_event_cover"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """How often the digest comes is a channel; the code before takes “weekly” for the usual one."""
    _allow("'now', 'daily', 'weekly', 'inbox', 'off'")


def downgrade() -> None:
    """Who had a weekly digest has the usual one, each day."""
    op.execute("DELETE FROM preference WHERE channel = 'weekly'")
    _allow("'now', 'daily', 'inbox', 'off'")


def _allow(channels: str) -> None:
    name = op.f("ck_preference_channel")
    with op.batch_alter_table("preference") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"channel IN ({channels})")
