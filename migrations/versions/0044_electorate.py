"""Who may vote: roles, invited people, those who attended; reasons with ballots, what follows, what is said, errands

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OLD = "electorate IN ('members', 'going')"
NEW = "electorate IN ('members', 'roles', 'invited', 'going', 'attended')"
OLD_EVENT = "electorate <> 'going' OR event_id IS NOT NULL"
NEW_EVENT = "electorate NOT IN ('going', 'attended') OR event_id IS NOT NULL"


def upgrade() -> None:
    """Votes that stand are for whom they were for."""
    with op.batch_alter_table("vote") as vote:
        vote.add_column(sa.Column("roles", sa.JSON(), server_default="[]", nullable=False))
        vote.add_column(sa.Column("thread_id", sa.Uuid(), nullable=True))
        vote.add_column(sa.Column("appointed_at", MOMENT, nullable=True))
        vote.create_foreign_key(op.f("fk_vote_thread_id_thread"), "thread", ["thread_id"], ["id"])
        vote.create_index("ix_vote_thread_id", ["thread_id"])
        _electorates(vote, NEW, NEW_EVENT)
    op.add_column("ballot", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    _invitees()
    _statements()
    _errands()


def _electorates(vote: object, words: str, event: str) -> None:
    for name, condition in (("electorate", words), ("event", event)):
        vote.drop_constraint(op.f(f"ck_vote_{name}"), type_="check")  # type: ignore[attr-defined]
        vote.create_check_constraint(op.f(f"ck_vote_{name}"), condition)  # type: ignore[attr-defined]


def _table(name: str, *columns: sa.Column, constraints: tuple[sa.Constraint, ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f(f"fk_{name}_vote_id_vote"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *constraints,
    )


def _person(table: str, column: str, ondelete: str | None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["user.id"], name=op.f(f"fk_{table}_{column}_user"), ondelete=ondelete)


def _invitees() -> None:
    name = "vote_invitee"
    _table(
        name,
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        constraints=(
            _person(name, "user_id", "CASCADE"),
            _person(name, "by_id", "SET NULL"),
            sa.UniqueConstraint("vote_id", "user_id", name=op.f("uq_vote_invitee_vote_id_user_id")),
        ),
    )
    for column in ("user_id", "by_id"):
        op.create_index(op.f(f"ix_vote_invitee_{column}"), name, [column])


def _statements() -> None:
    name = "vote_statement"
    _table(
        name,
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        constraints=(_person(name, "by_id", None), sa.UniqueConstraint("vote_id", name=op.f("uq_vote_statement_vote_id"))),
    )
    op.create_index(op.f("ix_vote_statement_by_id"), name, ["by_id"])
    waits = sa.text("reminded_at IS NULL")
    op.create_index("ix_vote_statement_review_on", name, ["review_on"], sqlite_where=waits, postgresql_where=waits)


def _errands() -> None:
    name = "vote_errand"
    _table(
        name,
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        constraints=(
            _person(name, "by_id", "SET NULL"),
            sa.UniqueConstraint("vote_id", "kind", "closes_at", name=op.f("uq_vote_errand_vote_id_kind_closes_at")),
            sa.CheckConstraint("kind IN ('reminder', 'nudge', 'outcome', 'answers')", name=op.f("ck_vote_errand_kind")),
            sa.CheckConstraint("(kind = 'reminder') = (closes_at IS NOT NULL)", name=op.f("ck_vote_errand_closes_at")),
        ),
    )
    op.create_index(op.f("ix_vote_errand_by_id"), name, ["by_id"])
    op.create_index("ix_vote_errand_vote_id_created_at", name, ["vote_id", "created_at"])
    open_ones = sa.text("ended_at IS NULL")
    op.create_index("ix_vote_errand_due", name, ["created_at"], sqlite_where=open_ones, postgresql_where=open_ones)


def downgrade() -> None:
    """Votes whose voters nobody could name any more are gone; what was said stays in its threads, which no page shows."""
    for table in ("vote_errand", "vote_statement", "vote_invitee"):
        op.drop_table(table)
    newer = f"NOT ({OLD})"
    for table in ("ballot", "voter", "option"):
        op.execute(f"DELETE FROM {table} WHERE vote_id IN (SELECT id FROM vote WHERE {newer})")
    op.execute(f"DELETE FROM vote WHERE {newer}")
    op.drop_column("ballot", "reason")
    with op.batch_alter_table("vote") as vote:
        _electorates(vote, OLD, OLD_EVENT)
        vote.drop_index("ix_vote_thread_id")
        vote.drop_constraint(op.f("fk_vote_thread_id_thread"), type_="foreignkey")
        for column in ("appointed_at", "thread_id", "roles"):
            vote.drop_column(column)
