"""Who may form a group."""

from typing import Any


def may_create(user: Any, policy: str) -> bool:
    """Whether `user` may form a group, by the site's setting GROUP_CREATION: everyone, those
    whom an admin lets, or admins.
    """
    if user.id is None:
        return False
    return (
        policy == "everyone" or user.is_admin or (policy == "approved" and user.may_create_groups)
    )
