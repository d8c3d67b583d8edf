"""Who can create a group, where the site lets only some people do so."""

from typing import Any

from ..accounts.models import User
from ..core.extensions import db
from ..core.observability import audit


def may_create(user: Any, policy: str) -> bool:
    """Whether `user` may form a group, by the site's setting GROUP_CREATION: everyone, those
    whom an admin lets, or admins.
    """
    if user.id is None:
        return False
    return (
        policy == "everyone" or user.is_admin or (policy == "approved" and user.may_create_groups)
    )


def allow(user: User, may: bool = True, by: User | None = None) -> None:
    """`user` may form groups from now on, or no more; `by` is None on the command line, where
    nobody is named who did it.
    """
    if user.may_create_groups == may:
        return
    user.may_create_groups = may
    audit.record("groups.allowed" if may else "groups.disallowed", by=by, subject=user)
    db.session.flush()
