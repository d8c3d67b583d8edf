"""Secret votes: who has voted, and what was chosen, in tables that have nothing in common but the vote

Revision ID: 0046
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0044"
branch_labels = None
depends_on = None

#: What was promised with it: fixed by the database, too.
SECRET = "NOT is_secret OR (is_anonymous AND results = 'after_close' AND reasons = 'off' AND roll_at = 'opening')"


def upgrade() -> None:
    """No vote that stands is secret."""
    with op.batch_alter_table("vote") as vote:
        vote.add_column(sa.Column("is_secret", sa.Boolean(), server_default=sa.false(), nullable=False))
        vote.add_column(sa.Column("opening", sa.JSON(), nullable=True))
        vote.add_column(sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True))
        vote.create_check_constraint(op.f("ck_vote_secret"), SECRET)
        yes = {"sqlite_where": sa.text("is_secret = 1"), "postgresql_where": sa.text("is_secret")}
        vote.create_index("ix_vote_is_secret", ["id"], **yes)
    _table("secret_roll", sa.Column("user_id", sa.Uuid(), nullable=False), sa.Column("voted", sa.Boolean(), nullable=False))
    _table(
        "secret_ballot",
        sa.Column("tracker", sa.String(length=32), nullable=False),
        sa.Column("choice", sa.String(length=500), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("is_fresh", sa.Boolean(), nullable=False),
    )
    _table(
        "secret_link",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("root", "prev", "hash")),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.CheckConstraint("kind IN ('open', 'mix', 'extend', 'close')", name=op.f("ck_secret_link_kind")),
    )


def _table(name: str, key: sa.Column, *rest: sa.schema.SchemaItem) -> None:
    """The second column completes the key."""
    op.create_table(
        name,
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        key,
        *rest,
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f(f"fk_{name}_vote_id_vote"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("vote_id", key.name, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Secret votes are gone: nothing of before could keep their promise."""
    for table in ("secret_link", "secret_ballot", "secret_roll"):
        op.drop_table(table)
    for table in ("vote_errand", "vote_statement", "vote_invitee", "voter", "option"):
        op.execute(f"DELETE FROM {table} WHERE vote_id IN (SELECT id FROM vote WHERE is_secret)")
    op.execute("DELETE FROM vote WHERE is_secret")
    with op.batch_alter_table("vote") as vote:
        vote.drop_constraint(op.f("ck_vote_secret"), type_="check")
        vote.drop_index("ix_vote_is_secret")
        for column in ("cleared_at", "opening", "is_secret"):
            vote.drop_column(column)
