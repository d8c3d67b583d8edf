"""What a group settles for itself: who may do what in it."""

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
