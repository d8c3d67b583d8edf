"""Who may do what in a group, where it settles that itself, and who can create one."""

from typing import Any

from ..accounts.models import User
from ..core import live
from ..core.db.session import locked
from ..core.extensions import db
from ..core.observability import audit
from .access import CHOICES
from .models import Group


def update(group: Group, by: User, **lowest: str) -> None:
    """From now on these roles, and those above them, may do what their columns say; other than
    `CHOICES` knows is nobody's.
    """
    group = locked(Group, group.id)
    known = dict(CHOICES.values())
    before = {name: getattr(group, name) for name in lowest}
    for name, role in lowest.items():
        if role not in known[name]:
            raise ValueError(f"{name} cannot be {role}")
        setattr(group, name, role)
    if before != lowest:
        audit.record("group.settled", by=by, subject=group, **lowest)
        live.signal(f"group:{group.id}:page")
    db.session.flush()


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
