"""What a group chooses itself: permissions, and defaults of new events and votes; and who can
create groups.
"""

from typing import Any

from ..accounts.models import User
from ..core import live
from ..core.db.session import locked
from ..core.extensions import db
from ..core.observability import audit
from . import memberships
from .access import CHOICES
from .models import Group


def update(group: Group, by: User, **lowest: str) -> None:
    """Set the lowest role for each column. Raises ValueError for a role not in `CHOICES`."""
    group = locked(Group, group.id)
    choices = dict(CHOICES.values())
    before = {name: getattr(group, name) for name in lowest}
    for name, role in lowest.items():
        if role not in choices[name]:
            raise ValueError(f"{name} cannot be {role}")
        setattr(group, name, role)
    if before != lowest:
        audit.record("group.settled", by=by, subject=group, **lowest)
        live.signal(f"group:{group.id}:page")
    db.session.flush()


def save_defaults(model: type[Any], group: Group, values: dict[str, Any]) -> None:
    """Save the group's row of `model`, its defaults for new events or new votes. Existing ones
    don't change.
    """
    group = memberships.hold(group)
    row = db.session.get(model, group.id)
    if row is None:
        row = model(group_id=group.id)
        db.session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def may_create(user: Any, policy: str) -> bool:
    """Whether `user` may create groups, by the setting GROUP_CREATION: everyone, approved people,
    or admins.
    """
    if user.id is None:
        return False
    return (
        policy == "everyone" or user.is_admin or (policy == "approved" and user.may_create_groups)
    )


def allow(user: User, may: bool = True, by: User | None = None) -> None:
    """Let `user` create groups, or not; `by` is None on the command line, which knows no person."""
    if user.may_create_groups == may:
        return
    user.may_create_groups = may
    audit.record("groups.allowed" if may else "groups.disallowed", by=by, subject=user)
    db.session.flush()
