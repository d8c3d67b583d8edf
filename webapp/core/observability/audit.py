"""The audit log: who did what to what, and when. The database refuses to change or delete entries.

It contains no secrets. IP addresses are in a separate table, and deleted after 90 days.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import has_request_context
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Entity
from ..db.keyset import Cursor, KeysetPage, keyset_page
from ..extensions import db
from ..http import client_address
from ..time import clock

#: How long IP addresses are kept.
ADDRESSES_KEPT = timedelta(days=90)


class AuditEntry(Entity, db.Model):
    """One action: who, what, on which row, with which plain details."""

    __tablename__ = "audit_entry"
    #: each filter of the log finds its latest entries first
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
    """The IP address of an entry."""

    __tablename__ = "audit_address"

    entry_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("audit_entry.id"), primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(45))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)

    entry: Mapped[AuditEntry] = relationship()


def record(action: str, by: Any = None, subject: Any = None, **details: Any) -> None:
    """Add an entry; it commits with the caller's transaction.

    `action` is `noun.verb`, such as `member.banned`. `details` are plain values, never secrets.
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
    """Return (entry, address or None) for all filters given, newest first.

    `action` may be a prefix, such as "vote". `before` is the id of an entry: return older ones, for
    the next page.
    """
    query = AuditFilter(action, actor, subject, since).among(
        sa.select(AuditEntry, AuditAddress.address)
    )
    if before:
        query = query.where(AuditEntry.id < before)
    return [
        (row[0], row[1])
        for row in db.session.execute(query.order_by(AuditEntry.id.desc()).limit(most))
    ]


def how_many(action: str, actor: uuid.UUID, since: datetime) -> int:
    """Return how often the person did this since then."""
    fits = (
        AuditEntry.actor_id == actor,
        AuditEntry.created_at >= since,
        AuditEntry.action == action,
    )
    return db.session.scalar(sa.select(sa.func.count()).where(*fits)) or 0


@dataclass(frozen=True)
class AuditFilter:
    """A filter of the log; empty fields match everything. `until` is exclusive."""

    action: str = ""
    actor: uuid.UUID | None = None
    subject: uuid.UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    def among(self, columns: Any) -> Any:
        """Return the statement of these columns for matching entries, with the address if it is
        still kept.
        """
        query = columns.outerjoin(AuditAddress, AuditAddress.entry_id == AuditEntry.id)
        if self.action:
            begins = AuditEntry.action.startswith(f"{self.action}.", autoescape=True)
            query = query.where(AuditEntry.action == self.action if "." in self.action else begins)
        if self.actor:
            query = query.where(AuditEntry.actor_id == self.actor)
        if self.subject:
            query = query.where(AuditEntry.subject_id == self.subject)
        if self.since:
            query = query.where(AuditEntry.created_at >= self.since)
        return query.where(AuditEntry.created_at < self.until) if self.until else query


def keyset_page_of(sought: AuditFilter, cursor: Cursor | None, size: int) -> KeysetPage:
    """Return a page of matching entries, newest first: rows of the entry's columns and `address`.

    Takes one statement, or two: with only a prefix of the action, a limited part of the log is
    searched.
    """
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
        query, AuditEntry.created_at, AuditEntry.id, cursor, size, latest_first=True, among=among
    )


def forget_addresses_of(user_id: uuid.UUID) -> None:
    """Delete the IP addresses of this person's actions and of attempts to sign in as them.

    The entries stay.
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
