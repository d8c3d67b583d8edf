"""What a person takes along of invitations: those they made, and those that went to their address."""

from ..accounts.models import User
from ..core.exports import Part, Parts, about
from ..groups.models import Group
from .models import Arrival, GroupInvitation, InvitationUse, Mailing

_INSIDE = {
    "id": "names nothing outside of this site",
    "group_id": "its name stands in its place",
    "user_id": "the person themselves",
    "invitation_id": "the group's name stands in its place",
}
_OWN = {
    **_INSIDE,
    "by_id": "the person themselves, or whoever invited them",
    "nonce": "part of a secret address",
    "address_hash": "stands for the address, and nobody can read it",
    "letter_id": "how the sending went",
    "sends": "how the sending went",
}


def add(user: User, parts: Parts) -> None:
    """Whom they invited to which group, by which links, and who invited them."""
    group = {"group": about(Group, "group_id", "name")}
    made = ("role", "message", "label", "email", "max_uses", "uses", "created_at", "sent_at", "expires_at", "paused_at")
    ended = ("ending", "ended_at")
    got = dict.fromkeys(("label", "max_uses", "uses", "paused_at"), "concerns those who invited")
    parts.add(
        Part("invitations-made", GroupInvitation, GroupInvitation.by_id == user.id, (*made, *ended), _OWN, group),
        Part(
            "invitations-to-groups",
            GroupInvitation,
            GroupInvitation.email == user.email,
            columns=("role", "message", "email", "created_at", "sent_at", "expires_at", *ended),
            left_out={**_OWN, **got},
            more=group,
        ),
        Part(
            "invitations-sent",
            Mailing,
            Mailing.by_id == user.id,
            ("number", "created_at"),
            {**_INSIDE, "by_id": "oneself"},
            group,
        ),
        Part("invitations-used", InvitationUse, InvitationUse.user_id == user.id, ("created_at",), _INSIDE, {"group": _group_of}),
        Part(
            "signed-up-by-invitation",
            Arrival,
            Arrival.user_id == user.id,
            columns=("created_at",),
            left_out={**_INSIDE, "user_nonce": "part of a secret address"},
            more={"group": _group_of},
        ),
    )


def _group_of(row: InvitationUse | Arrival) -> str | None:
    invitation = about(GroupInvitation, "invitation_id", "group")(row)
    return invitation.name if invitation is not None else None
