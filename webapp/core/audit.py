"""Who did what to what, and when. Rows are only ever added; secrets never stand in them."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .database import Entity
from .extensions import db


class AuditEntry(Entity, db.Model):
    """One act: who, what, on which row, with which plain details."""

    __tablename__ = "audit_entry"

    actor_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    subject_kind: Mapped[str | None] = mapped_column(sa.String(40))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


def record(action: str, by: Any = None, subject: Any = None, **details: Any) -> None:
    """The act is in the log once the caller's transaction commits.

    `action` is `noun.verb`, such as `member.banned`; `details` are plain values, never secrets.
    """
    db.session.add(
        AuditEntry(
            action=action,
            actor_id=getattr(by, "id", None),
            subject_kind=getattr(subject, "__tablename__", None),
            subject_id=getattr(subject, "id", None),
            details=details,
        )
    )
