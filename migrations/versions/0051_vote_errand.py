"""Everyone on the roll is told by errands that a vote has opened, ended or was called off

Revision ID: 0051
Revises: 0050
"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

OLD = ("reminder", "nudge", "outcome", "answers")
NEW = ("opened", "ended", "called_off")


def _kinds(kinds: tuple[str, ...]) -> None:
    named = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("vote_errand") as errand:
        errand.drop_constraint(op.f("ck_vote_errand_kind"), type_="check")
        errand.create_check_constraint(op.f("ck_vote_errand_kind"), f"kind IN ({named})")


def upgrade() -> None:
    """There are three kinds more."""
    _kinds((*NEW, *OLD))


def downgrade() -> None:
    """Who was not told yet is not told."""
    op.execute(f"DELETE FROM vote_errand WHERE kind IN {NEW}")
    _kinds(OLD)
