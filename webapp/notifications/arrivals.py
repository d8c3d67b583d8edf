"""Somebody has come who must be let in: the admins know."""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from .telling import tell


def confirmed(user: User) -> None:
    """Whoever lets people in knows that `user`, whose address is confirmed now, waits for that."""
    if not user.is_approved:
        admins = db.session.scalars(
            sa.select(User).where(User.is_admin, User.deactivated_at.is_(None))
        )
        tell(admins, "person.waiting", "/admin/approvals", {"name": user.name}, person=user.id)
