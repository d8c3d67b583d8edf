"""The lot's secret is bound at opening and shown after closing; few secret ballots keep no figures

Revision ID: 0059
Revises: 0058
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

#: Of so many secret ballots the outcome is published, and of so many its figures.
OUTCOME, FIGURES = 3, 5

VOTE = sa.table(
    "vote",
    *(sa.column(name, sa.Uuid()) for name in ("id",)),
    *(sa.column(name, sa.String()) for name in ("title", "seed", "lot_secret")),
    sa.column("is_secret", sa.Boolean()),
    sa.column("ballot_count", sa.Integer()),
    sa.column("finding", sa.JSON()),
)
NOTIFICATION = sa.table(
    "notification",
    *(sa.column(name, sa.String()) for name in ("kind", "scope", "label")),
    sa.column("words", sa.JSON()),
)


def upgrade() -> None:
    """Votes that opened with a published seed keep it. Figures of few secret ballots are forgotten."""
    with op.batch_alter_table("vote") as vote:
        vote.add_column(sa.Column("lot_secret", sa.String(length=64), nullable=True))
        vote.add_column(sa.Column("lot_commitment", sa.String(length=64), nullable=True))
        vote.create_check_constraint(op.f("ck_vote_lot"), "seed IS NULL OR lot_commitment IS NULL OR closed_at IS NOT NULL")
    few = sa.select(VOTE).where(VOTE.c.is_secret, VOTE.c.ballot_count < FIGURES)
    for vote in op.get_bind().execute(few).all():
        if vote.finding:
            _forget(vote)


def _forget(vote: sa.Row) -> None:
    """The result of this vote, and the lines that told people of it, give no figure."""
    told = {"kind": vote.finding["kind"], "cast": 0, "blank": 0}
    if vote.ballot_count >= OUTCOME:
        won = vote.finding.get("winners")
        told |= {name: won for name in ("leaders", "winners") if won}
        told |= {"verdict": vote.finding["verdict"]} if vote.finding.get("verdict") else {}
    op.execute(sa.update(VOTE).where(VOTE.c.id == vote.id).values(finding=told))
    line = {"title": vote.title, "finding": {"is": "on its page"}}
    told_of = (NOTIFICATION.c.kind == "vote.closed", NOTIFICATION.c.scope == f"vote:{vote.id}")
    op.execute(sa.update(NOTIFICATION).where(*told_of).values(words=line, label=vote.title))


def downgrade() -> None:
    """The secret of an open vote becomes the seed that was published then."""
    with op.batch_alter_table("vote") as vote:
        vote.drop_constraint(op.f("ck_vote_lot"), type_="check")
    unsettled = sa.update(VOTE).where(VOTE.c.seed.is_(None), VOTE.c.lot_secret.is_not(None))
    op.execute(unsettled.values(seed=VOTE.c.lot_secret))
    with op.batch_alter_table("vote") as vote:
        vote.drop_column("lot_commitment")
        vote.drop_column("lot_secret")
