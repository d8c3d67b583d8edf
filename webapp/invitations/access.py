"""Who can use an invitation, who can manage it, and which roles someone can give."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from ..accounts.came_for import Purpose
from ..core.db.session import one_or_404
from ..core.extensions import db
from ..core.http import tokens
from ..groups import access as group_access
from ..groups.came_for import joining
from ..groups.models import MEMBER, ORGANIZER, OWNER, ROLES, Group
from .models import GroupInvitation

INVITE = "group:invite"
_PURPOSE = "group-invitation"
#: Lowest role first: the default.
GIVABLE = [role for role in reversed(ROLES) if role != OWNER]
assert GIVABLE[0] == MEMBER
#: Role -> roles that may give it, as in `groups.access.can_give`.
GIVING = {
    role: group_access.ACTIONS[
        "group:change_roles" if role == ORGANIZER else "group:change_lower_roles"
    ]
    for role in GIVABLE
}


def roles_for(user: Any, group: Group) -> list[str]:
    """Return the roles for which `user` may invite: those they may give, never owner."""
    if not group_access.can(user, INVITE, group):
        return []
    return [role for role in GIVABLE if group_access.can_give(user, group, role)]


def token(invitation: Any) -> str:
    """Return the secret part of an invitation's link, derived and never stored."""
    return tokens.derive(_PURPOSE, invitation.id, invitation.nonce)


def path(invitation: Any) -> str:
    """Return the invitation's path. Anyone who has it can use the invitation."""
    return f"/invitations/{invitation.id}/{token(invitation)}"


def find(invitation_id: UUID, secret: str) -> GroupInvitation:
    """Return the invitation of this link, whatever its status.

    Raises NotFound.
    """
    row = db.session.get(GroupInvitation, invitation_id)
    if row is None or not tokens.matches(secret, _PURPOSE, row.id, row.nonce):
        raise NotFound()
    return row


def came_for(_user: Any, values: Mapping[str, Any], _fragment: str) -> Purpose | None:
    """Return what someone with the link signs in for. Raises NotFound."""
    group = find(values["invitation_id"], values["token"]).group
    return joining(group, is_invited=True) if group.deleted_at is None else None


def in_group(group: Group, invitation_id: UUID) -> GroupInvitation:
    """Return the group's invitation with this id. Raises NotFound."""
    return one_or_404(
        sa.select(GroupInvitation).where(
            GroupInvitation.id == invitation_id, GroupInvitation.group_id == group.id
        )
    )
