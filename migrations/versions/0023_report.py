"""What is reported, and what was done about it; hidden events and groups

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Cases with their reports and steps. What is hidden says so in a column of its own."""
    op.add_column("event", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("group", sa.Column("hidden_was", sa.String(length=21), nullable=True))
    op.create_table(
        "report_case",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("open_as", sa.String(length=100), nullable=True),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'open') = (open_as IS NOT NULL)", name=op.f("ck_report_case_open_as")),
        sa.CheckConstraint("(state = 'open') = (outcome IS NULL)", name=op.f("ck_report_case_decided")),
        sa.CheckConstraint(
            "outcome IN ('dismissed', 'hidden', 'warned', 'removed', 'banned', 'suspended', 'lifted', 'gone')",
            name=op.f("ck_report_case_outcome"),
        ),
        sa.CheckConstraint("state IN ('open', 'objected', 'closed')", name=op.f("ck_report_case_state")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_report_case_author_id_user"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_report_case_decided_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_report_case_group_id_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_case")),
        sa.UniqueConstraint("open_as", name=op.f("uq_report_case_open_as")),
    )
    op.create_index(op.f("ix_report_case_author_id"), "report_case", ["author_id"])
    op.create_index("ix_report_case_closed_at", "report_case", ["closed_at"])
    op.create_index("ix_report_case_group_id_state", "report_case", ["group_id", "state"])
    op.create_index("ix_report_case_thing", "report_case", ["kind", "thing_id"])
    op.create_table(
        "case_step",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("rule", sa.String(length=12), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["report_case.id"], name=op.f("fk_case_step_case_id_report_case"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_step_user_id_user"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_step")),
    )
    op.create_index("ix_case_step_case_id_created_at", "case_step", ["case_id", "created_at"])
    op.create_index(op.f("ix_case_step_user_id"), "case_step", ["user_id"])
    op.create_table(
        "report",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rule IN ('spam', 'harassment', 'hate', 'illegal', 'privacy', 'other')", name=op.f("ck_report_rule")),
        sa.CheckConstraint("standing IN ('member', 'person', 'visitor')", name=op.f("ck_report_standing")),
        sa.ForeignKeyConstraint(["case_id"], ["report_case.id"], name=op.f("fk_report_case_id_report_case"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_report_user_id_user"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_report_case_id_user_id")),
    )
    op.create_index(op.f("ix_report_user_id"), "report", ["user_id"])
    op.create_table(
        "report_address",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_address_report_id_report"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_address")),
        sa.UniqueConstraint("report_id", name=op.f("uq_report_address_report_id")),
    )


def downgrade() -> None:
    """Nothing was ever reported, and nothing is hidden; a group that was stays secret."""
    for table in ("report_address", "report", "case_step", "report_case"):
        op.drop_table(table)
    op.drop_column("group", "hidden_was")
    op.drop_column("event", "hidden_at")
