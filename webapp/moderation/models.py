"""Cases: what was reported, the reports, the decisions, and every step."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db import base
from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.time import clock
from ..groups.models import Group

#: OBJECTED: it was decided, and the person concerned has appealed.
OPEN, OBJECTED, CLOSED = STATES = ("open", "objected", "closed")
DISMISSED, HIDDEN, WARNED, REMOVED, BANNED, SUSPENDED, LIFTED, GONE = OUTCOMES = (
    "dismissed",
    "hidden",
    "warned",
    "removed",
    "banned",
    "suspended",
    "lifted",
    "gone",
)
#: Steps in a case's log besides outcomes.
ESCALATED, OBJECTION, UPHELD = ("escalated", "objection", "upheld")
#: What the person concerned is told.
TOLD = (HIDDEN, WARNED, REMOVED, BANNED, SUSPENDED, UPHELD, LIFTED)
SPAM, HARASSMENT, HATE, ILLEGAL, PRIVACY, OTHER = RULES = (
    "spam",
    "harassment",
    "hate",
    "illegal",
    "privacy",
    "other",
)
#: Kinds of reporters: all that judges learn about them.
MEMBER, PERSON, VISITOR = REPORTERS = ("member", "person", "visitor")

LABEL, SNAPSHOT = 200, 100_000


class Case(Entity, db.Model):
    """A reported thing, however many reported it. A closed case stays; the next report opens
    another.

    `group_id`: the group whose moderators judge it; admins do if it is None or the case was
    `escalated_at`. `label` and `snapshot` describe the thing at the first report; `of_others`:
    texts about other people by their ids, deleted with them. `open_as` names the thing while the
    case is open, so that there is no second one.
    """

    __tablename__ = "report_case"
    __table_args__ = (
        one_of("state", STATES),
        one_of("outcome", OUTCOMES),
        sa.CheckConstraint("(state = 'open') = (open_as IS NOT NULL)", name="open_as"),
        sa.CheckConstraint("(state = 'open') = (outcome IS NULL)", name="decided"),
        sa.Index("ix_report_case_group_id_state", "group_id", "state"),
        sa.Index("ix_report_case_closed_at", "closed_at"),
        sa.Index("ix_report_case_thing", "kind", "thing_id"),
    )

    kind: Mapped[str] = mapped_column(sa.String(20))
    thing_id: Mapped[uuid.UUID]
    group_id: Mapped[uuid.UUID | None] = foreign_key("group.id")
    author_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)
    label: Mapped[str] = mapped_column(sa.String(LABEL))
    snapshot: Mapped[str] = mapped_column(sa.Text, default="")
    of_others: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict, server_default="{}")
    state: Mapped[str] = mapped_column(sa.String(10), default=OPEN)
    open_as: Mapped[str | None] = mapped_column(sa.String(100), unique=True)
    reporters: Mapped[int] = mapped_column(default=0)
    #: Since when it awaits a decision: the first report, or the appeal.
    pending_since: Mapped[datetime] = mapped_column(default=clock.now)
    escalated_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(12))
    decided_by_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL")
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    #: The emailed link to the decision is derived from it.
    nonce: Mapped[str] = mapped_column(sa.String(24), default=base.nonce)

    group: Mapped[Group | None] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=author_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)

    @property
    def own_label(self) -> str:
        """The label for the person concerned: empty if it is about themselves."""
        return "" if self.kind == "person" else self.label

    @property
    def is_waiting(self) -> bool:
        """Whether it awaits a decision."""
        return self.state != CLOSED


class Report(Entity, db.Model):
    """One person's report; a visitor's is anonymous.

    What the same person adds later goes into the same row.
    """

    __tablename__ = "report"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "user_id"),
        one_of("rule", RULES),
        one_of("reporter_kind", REPORTERS),
    )

    case_id: Mapped[uuid.UUID] = foreign_key("report_case.id")
    user_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)
    reporter_kind: Mapped[str] = mapped_column(sa.String(10))
    rule: Mapped[str] = mapped_column(sa.String(12))
    text: Mapped[str] = mapped_column(sa.Text, default="")

    case: Mapped[Case] = relationship()
    user: Mapped[User | None] = relationship()


class ReportAddress(Entity, db.Model):
    """The email address of a visitor who wants to hear back."""

    __tablename__ = "report_address"

    report_id: Mapped[uuid.UUID] = foreign_key("report.id", unique=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")

    report: Mapped[Report] = relationship()


class CaseStep(Entity, db.Model):
    """A step in a case: who did what, and why; a decision's `text` is what the person concerned was
    told.
    """

    __tablename__ = "case_step"
    __table_args__ = (sa.Index("ix_case_step_case_id_created_at", "case_id", "created_at"),)

    case_id: Mapped[uuid.UUID] = foreign_key("report_case.id")
    user_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)
    action: Mapped[str] = mapped_column(sa.String(12))
    rule: Mapped[str | None] = mapped_column(sa.String(12))
    text: Mapped[str] = mapped_column(sa.Text, default="")

    case: Mapped[Case] = relationship()
    user: Mapped[User | None] = relationship()
