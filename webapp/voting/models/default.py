"""What a group's new votes begin with."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ...core.extensions import db
from .vote import AFTER_VOTING, GOING, KINDS, MEMBERS, SHOWN, SINGLE, one_of


class VoteDefault(db.Model):
    """What a new vote of the group begins with.

    `days`: voting closes so long after today; None: whoever asks says when.
    """

    __tablename__ = "vote_default"
    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(one_of("results", SHOWN), name="results"),
        sa.CheckConstraint(one_of("electorate", (MEMBERS, GOING)), name="electorate"),
        sa.CheckConstraint("days IS NULL OR days BETWEEN 1 AND 90", name="days"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("group.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.String(10), default=SINGLE)
    results: Mapped[str] = mapped_column(sa.String(15), default=AFTER_VOTING)
    electorate: Mapped[str] = mapped_column(sa.String(10), default=MEMBERS)
    days: Mapped[int | None]
