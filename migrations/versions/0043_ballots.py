"""Votes of every kind: what each asks for, quorum and threshold, dates to choose from, and the outcome as counted

Revision ID: 0043
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0045"
branch_labels = None
depends_on = None

OLD = ("single", "approval")
KINDS = (*OLD, "score", "star", "dots", "irv", "schulze", "stv", "proposal", "date")
MOMENT = sa.DateTime(timezone=True)
CHECKS = {
    "seats": "seats BETWEEN 1 AND 49",
    "score_max": "score_max BETWEEN 2 AND 10",
    "budget": "budget BETWEEN 1 AND 100",
    "per_option": "per_option IS NULL OR per_option BETWEEN 1 AND budget",
    "blocks": "blocks IS NULL OR blocks >= 1",
    "quorum": "quorum IS NULL OR quorum BETWEEN 1 AND 100",
    "threshold_of": "threshold_of IS NULL OR threshold_of IN ('roll', 'cast', 'valid', 'voices', 'present')",
    "threshold": "threshold_part BETWEEN 1 AND threshold_whole",
    "reasons": "reasons IN ('off', 'optional', 'required')",
    "roll_at": "roll_at IN ('opening', 'close')",
    "leavers": "leavers IN ('lose', 'keep')",
}


def _columns() -> list[sa.Column]:
    return [
        sa.Column("seats", sa.Integer(), server_default="1", nullable=False),
        sa.Column("score_max", sa.Integer(), server_default="5", nullable=False),
        sa.Column("budget", sa.Integer(), server_default="10", nullable=False),
        sa.Column("per_option", sa.Integer(), nullable=True),
        sa.Column("spend_all", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("blocks", sa.Integer(), server_default="1", nullable=True),
        sa.Column("quorum", sa.Integer(), nullable=True),
        sa.Column("threshold_of", sa.String(length=10), nullable=True),
        sa.Column("threshold_part", sa.Integer(), server_default="1", nullable=False),
        sa.Column("threshold_whole", sa.Integer(), server_default="2", nullable=False),
        sa.Column("threshold_strict", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("reasons", sa.String(length=10), server_default="off", nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("roll_at", sa.String(length=10), server_default="opening", nullable=False),
        sa.Column("leavers", sa.String(length=10), server_default="lose", nullable=False),
        sa.Column("finding", sa.JSON(), nullable=True),
    ]


def upgrade() -> None:
    """Votes that stand go on as they are: nobody's name stands beside a choice, and nothing has to be reached."""
    with op.batch_alter_table("vote") as vote:
        for column in _columns():
            vote.add_column(column)
        _kinds(vote, "vote", KINDS)
        for name, condition in CHECKS.items():
            vote.create_check_constraint(op.f(f"ck_vote_{name}"), condition)
    with op.batch_alter_table("vote_default") as default:
        _kinds(default, "vote_default", KINDS)
    with op.batch_alter_table("option") as option:
        option.add_column(sa.Column("starts_at", MOMENT, nullable=True))
        option.add_column(sa.Column("ends_at", MOMENT, nullable=True))
        option.create_check_constraint(op.f("ck_option_span"), "(starts_at IS NULL) = (ends_at IS NULL)")
        option.create_check_constraint(op.f("ck_option_times"), "starts_at < ends_at")
    with op.batch_alter_table("ballot") as ballot:
        ballot.alter_column("choice", existing_type=sa.String(length=200), type_=sa.String(length=500), existing_nullable=False)


def _kinds(table: object, name: str, kinds: tuple[str, ...]) -> None:
    named = ", ".join(f"'{kind}'" for kind in kinds)
    table.drop_constraint(op.f(f"ck_{name}_kind"), type_="check")  # type: ignore[attr-defined]
    table.create_check_constraint(op.f(f"ck_{name}_kind"), f"kind IN ({named})")  # type: ignore[attr-defined]


def downgrade() -> None:
    """Votes that could not be counted any more are gone, with their ballots; groups whose votes began with such a kind begin
    with one choice."""
    newer = f"kind NOT IN {OLD}"
    for table in ("ballot", "voter", "option"):
        op.execute(f"DELETE FROM {table} WHERE vote_id IN (SELECT id FROM vote WHERE {newer})")
    op.execute(f"DELETE FROM vote WHERE {newer}")
    op.execute(f"UPDATE vote_default SET kind = 'single' WHERE {newer}")
    with op.batch_alter_table("ballot") as ballot:
        ballot.alter_column("choice", existing_type=sa.String(length=500), type_=sa.String(length=200), existing_nullable=False)
    with op.batch_alter_table("option") as option:
        for name in ("span", "times"):
            option.drop_constraint(op.f(f"ck_option_{name}"), type_="check")
        for name in ("ends_at", "starts_at"):
            option.drop_column(name)
    with op.batch_alter_table("vote_default") as default:
        _kinds(default, "vote_default", OLD)
    with op.batch_alter_table("vote") as vote:
        for name in CHECKS:
            vote.drop_constraint(op.f(f"ck_vote_{name}"), type_="check")
        _kinds(vote, "vote", OLD)
        for column in _columns():
            vote.drop_column(column.name)
