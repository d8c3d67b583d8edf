"""What people were notified of and did, read from the database."""

from typing import Any

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.core.observability.audit import AuditEntry
from webapp.notifications.models import Notification


def notified(user: Any) -> list[str]:
    """Return the kinds of someone's inbox lines, oldest first."""
    query = sa.select(Notification.kind).where(Notification.user_id == user.id)
    return list(db.session.scalars(query.order_by(Notification.created_at, Notification.id)))


def notifications(kind: str, user: Any) -> list[Notification]:
    """Return someone's inbox lines of this kind, oldest first."""
    query = sa.select(Notification).where(
        Notification.kind == kind, Notification.user_id == user.id
    )
    return list(db.session.scalars(query.order_by(Notification.created_at, Notification.id)))


def actions() -> list[str]:
    """Return the actions in the audit log, oldest first."""
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.created_at)))
