"""Who did what to what, and when. Rows are only ever added: the database itself refuses to change
or delete one.

Secrets never are in them. The address that a request came from is in a table of its own and
is gone after 90 days.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import has_request_context
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.keyset import Cursor, KeysetPage, keyset_page
from ..db.session import Entity
from ..extensions import db
from ..http import client_address
from ..time import clock

#: How long we keep where someone was when they did something.
ADDRESSES_KEPT = timedelta(days=90)


class AuditEntry(Entity, db.Model):
    """One act: who, what, on which row, with which plain details."""

    __tablename__ = "audit_entry"
    #: each way to look for an entry leads to the latest of them first
    __table_args__ = (
        sa.Index("ix_audit_entry_created_at", "created_at", "id"),
        sa.Index("ix_audit_entry_action_created_at", "action", "created_at", "id"),
        sa.Index("ix_audit_entry_actor_id_created_at", "actor_id", "created_at", "id"),
        sa.Index("ix_audit_entry_subject_id_created_at", "subject_id", "created_at", "id"),
    )

    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str | None] = mapped_column(sa.String(40))
    subject_id: Mapped[uuid.UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


class AuditAddress(db.Model):
    """The address from which an act was done."""

    __tablename__ = "audit_address"

    entry_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("audit_entry.id"), primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(45))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)

    entry: Mapped[AuditEntry] = relationship()


def record(action: str, by: Any = None, subject: Any = None, **details: Any) -> None:
    """The act is in the log once the caller's transaction commits.

    `action` is `noun.verb`, such as `member.banned`; `details` are plain values, never secrets.
    """
    subject_id = getattr(subject, "id", None)
    entry = AuditEntry(
        action=action,
        actor_id=getattr(by, "id", None),
        subject_kind=subject.__tablename__ if subject_id is not None else None,
        subject_id=subject_id,
        details=details,
    )
    db.session.add(entry)
    if has_request_context() and (address := client_address.exact()):
        db.session.add(AuditAddress(entry=entry, address=address))


def entries(
    action: str = "",
    actor: uuid.UUID | None = None,
    subject: uuid.UUID | None = None,
    since: datetime | None = None,
    before: uuid.UUID | None = None,
    most: int = 50,
) -> list[tuple[AuditEntry, str | None]]:
    """(entry, address or None), the newest first: those that fit everything given. `action` may be
    a beginning: "vote".

    `before` is the id of an entry: those that came before it, for the next page.
    """
    found = AuditFilter(action, actor, subject, since).among(
        sa.select(AuditEntry, AuditAddress.address)
    )
    if before:
        found = found.where(AuditEntry.id < before)
    return [
        (row[0], row[1])
        for row in db.session.execute(found.order_by(AuditEntry.id.desc()).limit(most))
    ]


def how_many(action: str, actor: uuid.UUID, since: datetime) -> int:
    """How often the person did this since then."""
    fits = (
        AuditEntry.actor_id == actor,
        AuditEntry.created_at >= since,
        AuditEntry.action == action,
    )
    return db.session.scalar(sa.select(sa.func.count()).where(*fits)) or 0


@dataclass(frozen=True)
class AuditFilter:
    """What someone looks for in the log; nothing given is everything.

    `until` is the first moment that is too late.
    """

    action: str = ""
    actor: uuid.UUID | None = None
    subject: uuid.UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    def among(self, columns: Any) -> Any:
        """The statement of these columns for what fits, with its address where that is still
        kept.
        """
        found = columns.outerjoin(AuditAddress, AuditAddress.entry_id == AuditEntry.id)
        if self.action:
            begins = AuditEntry.action.startswith(f"{self.action}.", autoescape=True)
            found = found.where(AuditEntry.action == self.action if "." in self.action else begins)
        if self.actor:
            found = found.where(AuditEntry.actor_id == self.actor)
        if self.subject:
            found = found.where(AuditEntry.subject_id == self.subject)
        if self.since:
            found = found.where(AuditEntry.created_at >= self.since)
        return found.where(AuditEntry.created_at < self.until) if self.until else found


def keyset_page_of(sought: AuditFilter, place: Cursor | None, size: int) -> KeysetPage:
    """Some of what fits, the newest first, as rows of the entry's columns and `address`. One
    statement, or two: a beginning alone is looked for in no more than a part of the log at once."""
    query = sought.among(sa.select(*AuditEntry.__table__.columns, AuditAddress.address))
    is_sparse = (
        bool(sought.action) and "." not in sought.action and not (sought.actor or sought.subject)
    )
    among = (
        AuditFilter(since=sought.since, until=sought.until).among(sa.select(AuditEntry))
        if is_sparse
        else None
    )
    return keyset_page(
        query, AuditEntry.created_at, AuditEntry.id, place, size, latest_first=True, among=among
    )


def forget_addresses_of(user_id: uuid.UUID) -> None:
    """From where this person acted is gone, and from where someone tried to be them; the acts
    stay.
    """
    own = sa.or_(
        AuditEntry.actor_id == user_id,
        sa.and_(AuditEntry.actor_id.is_(None), AuditEntry.subject_id == user_id),
    )
    db.session.execute(
        sa.delete(AuditAddress).where(
            AuditAddress.entry_id.in_(sa.select(AuditEntry.id).where(own))
        )
    )
