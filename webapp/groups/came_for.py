"""What people sign in for on a group's page."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from ..accounts.came_for import FINDERS, Purpose, continuing_to
from . import access
from .models import JOIN, Group

#: The fragment of the links to join.
TO_JOIN = "join"


def register() -> None:
    """Say it for groups, and for their pages that only members see."""
    FINDERS["groups.show"] = of_group
    FINDERS["members.index"] = of_group


def of_group(user: Any, values: Mapping[str, Any], fragment: str) -> Purpose | None:
    """Return the purpose of someone who wants to join the group, or only to read."""
    try:
        group = access.group_for(user, values["slug"])
    except access.GroupMoved:
        return None
    return joining(group) if fragment == TO_JOIN else continuing_to(group.name)


def joining(group: Group, is_invited: bool = False) -> Purpose:
    """Return the purpose of someone who wants to join the group."""
    if is_invited or group.join_policy == JOIN:
        return Purpose(
            _("Sign in to join %(group)s", group=group.name),
            _("Create an account to join %(group)s", group=group.name),
        )
    return Purpose(
        _("Sign in to ask to join %(group)s", group=group.name),
        _("Create an account to ask to join %(group)s", group=group.name),
    )
