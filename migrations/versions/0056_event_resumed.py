"""People who answered are told that a cancelled event takes place after all

Revision ID: 0056
Revises: 0055
"""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

OLD = ("published", "changed", "cancelled", "hidden", "shown", "day", "hour", "feedback")
OLD += ("message", "invited", "members", "session")


def _kinds(kinds: tuple[str, ...]) -> None:
    named = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("event_news") as news:
        news.drop_constraint(op.f("ck_event_news_kind"), type_="check")
        news.create_check_constraint(op.f("ck_event_news_kind"), f"kind IN ({named})")


def upgrade() -> None:
    """There is one kind of news more."""
    _kinds((*OLD[:3], "resumed", *OLD[3:]))


def downgrade() -> None:
    """Who was not told yet is not told."""
    op.execute("DELETE FROM event_news WHERE kind = 'resumed'")
    _kinds(OLD)
