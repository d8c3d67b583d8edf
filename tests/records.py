"""What the database holds of what people were told and did, for tests."""

from typing import Any

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.core.observability.audit import AuditEntry
from webapp.notifications.models import Notification


def notified(user: Any) -> list[str]:
    """The kinds of what is in someone's inbox, the oldest first."""
    query = sa.select(Notification.kind).where(Notification.user_id == user.id)
    return list(db.session.scalars(query.order_by(Notification.created_at, Notification.id)))


def notifications(kind: str, user: Any) -> list[Notification]:
    """What is of this kind in someone's inbox, the oldest first."""
    query = sa.select(Notification).where(
        Notification.kind == kind, Notification.user_id == user.id
    )
    return list(db.session.scalars(query.order_by(Notification.created_at, Notification.id)))


def actions() -> list[str]:
    """What the audit log says was done, the oldest first."""
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.created_at)))
