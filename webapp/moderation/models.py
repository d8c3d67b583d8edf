"""Cases: what was reported, by whom, what was done about it, and every step on the way."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db import session
from ..core.db.session import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.time import clock
from ..groups.models import Group

#: objected: it was decided, and whom it is about asks for a second look
OPEN, OBJECTED, CLOSED = STATES = ("open", "objected", "closed")
DISMISSED, HIDDEN, WARNED, REMOVED, BANNED, SUSPENDED, LIFTED, GONE = OUTCOMES = (
    *("dismissed", "hidden", "warned", "removed", "banned", "suspended"),
    *("lifted", "gone"),
)
#: what is in a case's log besides outcomes
ESCALATED, OBJECTION, UPHELD = ("escalated", "objection", "upheld")
#: what is told to whom the case is about
TOLD = (HIDDEN, WARNED, REMOVED, BANNED, SUSPENDED, UPHELD, LIFTED)
SPAM, HARASSMENT, HATE, ILLEGAL, PRIVACY, OTHER = RULES = (
    "spam",
    "harassment",
    "hate",
    "illegal",
    "privacy",
    "other",
)
#: who reported: all that those who judge learn of them
MEMBER, PERSON, VISITOR = REPORTERS = ("member", "person", "visitor")

LABEL, SNAPSHOT = 200, 100_000


class Case(Entity, db.Model):
    """One thing that was reported, however many did so. A closed one stays; the next report opens
    another.

    `group_id`: whose moderators judge it; none: the site's admins do, and so where it was
    `escalated_at`. `label` and `snapshot` say what it was when it was first reported; `of_others`
    what it said of other people, by their ids, which goes with them. `open_as` names the thing
    while the case is open: nobody opens a second one.
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
    #: since when it waits to be judged: its first report, or the objection
    pending_since: Mapped[datetime] = mapped_column(default=clock.now)
    escalated_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(12))
    decided_by_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL")
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    #: what the emailed way to the decision is derived from
    nonce: Mapped[str] = mapped_column(sa.String(24), default=session.nonce)

    group: Mapped[Group | None] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=author_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)

    @property
    def own_label(self) -> str:
        """What it is called to whom it is about: nothing where it is about themselves."""
        return "" if self.kind == "person" else self.label

    @property
    def is_waiting(self) -> bool:
        """Whether someone is to judge it."""
        return self.state != CLOSED


class Report(Entity, db.Model):
    """One person's report; of a visitor's nobody knows whose it is.

    What the same person adds later is in the same row.
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
    """Where a visitor who reported wants to hear back."""

    __tablename__ = "report_address"

    report_id: Mapped[uuid.UUID] = foreign_key("report.id", unique=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")

    report: Mapped[Report] = relationship()


class CaseStep(Entity, db.Model):
    """One thing that was done in a case, by whom and why; `text` of a decision are what its
    author was told.
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
