"""What groups settle for themselves, and how many belonged to them day by day

Revision ID: 0022
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0025"
branch_labels = None
depends_on = None

LOWEST = {
    "may_create_events": "organizer",
    "may_create_votes": "organizer",
    "may_start_threads": "member",
    "may_see_members": "member",
}
IN_USE = (
    'SELECT count(*) FROM membership JOIN "user" ON "user".id = membership.user_id'
    ' WHERE membership.group_id = "group".id AND "user".deactivated_at IS NULL'
)
#: People who left before this are in no table: those who belong today came on the day of their membership.
BACKFILL = """
    INSERT INTO group_day (group_id, day, members, came, went)
    SELECT group_id, day, SUM(came) OVER (PARTITION BY group_id ORDER BY day), came, 0
    FROM (
        SELECT membership.group_id AS group_id, {day} AS day, count(*) AS came
        FROM membership JOIN "user" ON "user".id = membership.user_id
        WHERE "user".deactivated_at IS NULL
        GROUP BY membership.group_id, {day}
    ) AS days
"""


def upgrade() -> None:
    """The columns with a check in SQL: SQLite adds one with its check at once only so."""
    for name, usual in LOWEST.items():
        check = f"CONSTRAINT ck_group_{name} CHECK ({name} IN ('organizer', 'moderator', 'member'))"
        op.execute(f"ALTER TABLE \"group\" ADD COLUMN {name} VARCHAR(10) DEFAULT '{usual}' NOT NULL {check}")
    op.add_column("group", sa.Column("code_of_conduct", sa.Text(), server_default="", nullable=False))
    for table in ("group", "membership", "join_request"):
        op.add_column(table, sa.Column("code_version", sa.Integer(), server_default="0", nullable=False))
    op.add_column("join_request", sa.Column("answers", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("ban", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_ban_ends_at"), "ban", ["ends_at"], unique=False)
    op.add_column("user", sa.Column("may_create_groups", sa.Boolean(), server_default=sa.false(), nullable=False))
    _questions()
    _days()
    _defaults()
    op.execute(f'UPDATE "group" SET member_count = ({IN_USE})')


def _questions() -> None:
    op.create_table(
        "join_question",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place BETWEEN -5 AND 5", name=op.f("ck_join_question_place")),
        sa.CheckConstraint("kind IN ('text', 'choice', 'checkbox')", name=op.f("ck_join_question_kind")),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_join_question_group_id_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_question")),
        sa.UniqueConstraint("group_id", "place", name=op.f("uq_join_question_group_id_place")),
    )


def _days() -> None:
    op.create_table(
        "group_day",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("went", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_group_day_group_id_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group_id", "day", name=op.f("pk_group_day")),
    )
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    day = "(membership.created_at AT TIME ZONE 'UTC')::date" if on_postgresql else "date(membership.created_at)"
    op.execute(BACKFILL.format(day=day))


def _defaults() -> None:
    op.create_table(
        "event_default",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("companions", sa.Integer(), nullable=False),
        sa.Column("promotion", sa.String(length=10), nullable=False),
        sa.Column("shows_people", sa.Boolean(), nullable=False),
        sa.Column("answers_hours", sa.Integer(), nullable=True),
        sa.CheckConstraint("audience IN ('everyone', 'link', 'group')", name=op.f("ck_event_default_audience")),
        sa.CheckConstraint("promotion IN ('automatic', 'offer')", name=op.f("ck_event_default_promotion")),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_event_default_capacity")),
        sa.CheckConstraint("companions BETWEEN 0 AND 20", name=op.f("ck_event_default_companions")),
        sa.CheckConstraint(
            "answers_hours IS NULL OR answers_hours BETWEEN 1 AND 720", name=op.f("ck_event_default_answers_hours")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_event_default_group_id_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_event_default")),
    )
    op.create_table(
        "vote_default",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("results", sa.String(length=15), nullable=False),
        sa.Column("electorate", sa.String(length=10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('single', 'approval')", name=op.f("ck_vote_default_kind")),
        sa.CheckConstraint("results IN ('always', 'after_voting', 'after_close')", name=op.f("ck_vote_default_results")),
        sa.CheckConstraint("electorate IN ('members', 'going')", name=op.f("ck_vote_default_electorate")),
        sa.CheckConstraint("days IS NULL OR days BETWEEN 1 AND 90", name=op.f("ck_vote_default_days")),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_vote_default_group_id_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_vote_default")),
    )


def downgrade() -> None:
    """Groups settle nothing for themselves; what people answered is gone."""
    for name in ("vote_default", "event_default", "group_day", "join_question"):
        op.drop_table(name)
    op.drop_column("user", "may_create_groups")
    op.drop_index(op.f("ix_ban_ends_at"), table_name="ban")
    op.drop_column("ban", "ends_at")
    op.drop_column("join_request", "answers")
    for table in ("join_request", "membership", "group"):
        op.drop_column(table, "code_version")
    op.drop_column("group", "code_of_conduct")
    for name in LOWEST:
        op.drop_column("group", name)
