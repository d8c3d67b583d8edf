"""What the site's admins settle while it runs; indexes for finding people, votes and acts

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

#: the log is looked through by one of these, the latest first
SOUGHT = ("action", "actor_id", "subject_id")


def upgrade() -> None:
    """Nothing is settled: everything is as the environment says."""
    op.create_table(
        "site_setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_setting")),
    )
    op.create_index("ix_audit_entry_created_at", "audit_entry", ["created_at", "id"])
    for column in SOUGHT:
        op.create_index(f"ix_audit_entry_{column}_created_at", "audit_entry", [column, "created_at", "id"])
        op.drop_index(f"ix_audit_entry_{column}", "audit_entry")
    op.create_index("ix_user_created_at", "user", ["created_at", "id"])
    op.create_index("ix_vote_created_at", "vote", ["created_at", "id"])


def downgrade() -> None:
    """The environment alone says how the site is."""
    op.drop_index("ix_vote_created_at", "vote")
    op.drop_index("ix_user_created_at", "user")
    for column in SOUGHT:
        op.create_index(f"ix_audit_entry_{column}", "audit_entry", [column])
        op.drop_index(f"ix_audit_entry_{column}_created_at", "audit_entry")
    op.drop_index("ix_audit_entry_created_at", "audit_entry")
    op.drop_table("site_setting")
