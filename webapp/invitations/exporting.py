"""A person's data export: invitations they created, and those sent to their address."""

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData, about
from ..groups.models import Group
from .models import GroupInvitation, InvitationUse, InvitedSignUp, Mailing

_SENT = {
    "id": "names nothing outside of this site",
    "group_id": "its name is given instead",
    "by_id": "the person themselves, or the person who invited them",
}
_USED = {
    "id": "names nothing outside of this site",
    "user_id": "the person themselves",
    "invitation_id": "the group's name is given instead",
}
_OWN = {
    **_SENT,
    "nonce": "part of a secret address",
    "address_hash": "stands for the address, and nobody can read it",
    "outgoing_email_id": "how the sending went",
    "sends": "how the sending went",
}
_OF_THOSE_WHO_INVITED = dict.fromkeys(
    ("label", "max_uses", "uses", "paused_at"), "concerns those who invited"
)
_BOTH = ("role", "message", "email", "created_at", "sent_at", "expires_at", "ending", "ended_at")


def add(user: User, parts: PersonalData) -> None:
    """Add whom they invited to which group, their links, and who invited them."""
    parts.add(*_made(user), *_used(user))


def _made(user: User) -> tuple[JsonFile, ...]:
    group = {"group": about(Group, "group_id", "name")}
    mine, to_me = GroupInvitation.by_id == user.id, GroupInvitation.email == user.email
    left_out = {**_OWN, **_OF_THOSE_WHO_INVITED}
    return (
        JsonFile(
            "invitations-made", GroupInvitation, mine, (*_BOTH, *_OF_THOSE_WHO_INVITED), _OWN, group
        ),
        JsonFile("invitations-to-groups", GroupInvitation, to_me, _BOTH, left_out, group),
        JsonFile(
            "invitations-sent",
            Mailing,
            Mailing.by_id == user.id,
            ("number", "created_at"),
            _SENT,
            group,
        ),
    )


def _used(user: User) -> tuple[JsonFile, ...]:
    group = {"group": _group_of}
    left_out = {**_USED, "user_nonce": "part of a secret address"}
    return (
        JsonFile(
            "invitations-used",
            InvitationUse,
            InvitationUse.user_id == user.id,
            ("created_at",),
            _USED,
            group,
        ),
        JsonFile(
            "signed-up-by-invitation",
            InvitedSignUp,
            InvitedSignUp.user_id == user.id,
            ("created_at",),
            left_out,
            group,
        ),
    )


def _group_of(row: InvitationUse | InvitedSignUp) -> str | None:
    group = about(GroupInvitation, "invitation_id", "group")(row)
    return group.name if group is not None else None
