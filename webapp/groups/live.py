"""Who may listen to a group's page."""

from typing import Any
from uuid import UUID

from ..core.extensions import db
from ..core.live import topic
from . import access
from .models import Group


@topic("group")
def may_watch(user: Any, group_id: UUID) -> bool:
    """Whether `user` sees what happens in the group with this id."""
    group = db.session.get(Group, group_id)
    return group is not None and access.may_see_inside(user, group)
