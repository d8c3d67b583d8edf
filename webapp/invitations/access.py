"""Who may come by an invitation, who may manage it, and which roles someone may give."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from ..core.db.session import one_or_404
from ..core.extensions import db
from ..core.http import tokens
from ..groups import access as group_access
from ..groups.models import MEMBER, ORGANIZER, OWNER, ROLES, Group
from .models import GroupInvitation

INVITE = "group:invite"
_PURPOSE = "group-invitation"
#: the lowest first: what is chosen unless someone thinks about it
GIVABLE = [role for role in reversed(ROLES) if role != OWNER]
assert GIVABLE[0] == MEMBER
#: role -> the roles that may give it, as `groups.access.can_give` says of a person
GIVING = {
    role: group_access.ACTIONS[
        "group:change_roles" if role == ORGANIZER else "group:change_lower_roles"
    ]
    for role in GIVABLE
}


def roles_for(user: Any, group: Group) -> list[str]:
    """The roles into which `user` may invite: those that they may give; nobody becomes an owner
    unasked.
    """
    if not group_access.can(user, INVITE, group):
        return []
    return [role for role in GIVABLE if group_access.can_give(user, group, role)]


def token(invitation: Any) -> str:
    """The secret end of the address of an invitation, or of a row with its id and nonce: stored
    nowhere, each time the same.
    """
    return tokens.derive(_PURPOSE, invitation.id, invitation.nonce)


def path(invitation: Any) -> str:
    """The invitation's address on this site. Anyone who has it may come."""
    return f"/invitations/{invitation.id}/{token(invitation)}"


def find(invitation_id: UUID, secret: str) -> GroupInvitation:
    """The invitation that this address stands for, however it stands.

    Raises NotFound for every other address.
    """
    row = db.session.get(GroupInvitation, invitation_id)
    if row is None or not tokens.matches(secret, _PURPOSE, row.id, row.nonce):
        raise NotFound()
    return row


def in_group(group: Group, invitation_id: UUID) -> GroupInvitation:
    """The invitation with this id, of this group and no other; raises NotFound."""
    return one_or_404(
        sa.select(GroupInvitation).where(
            GroupInvitation.id == invitation_id, GroupInvitation.group_id == group.id
        )
    )
