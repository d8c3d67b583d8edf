"""Notices about invitations."""

from typing import Any

from ..accounts.models import User
from ..groups.models import Group
from ..notifications.notify import notify
from .models import GroupInvitation

#: The page of one's own invitations: an inbox line must not contain a secret link.
MINE = "/invitations"


def arrived(invitation: GroupInvitation, user: User) -> None:
    """Add an inbox line for the invited person, unless they blocked or muted the inviter.

    Their email isn't sent here.
    """
    words = {"name": invitation.by.name}
    _notify(
        user,
        invitation.group,
        "invitation.arrived",
        words,
        MINE,
        by=invitation.by,
        emailed=False,
        subject_id=invitation.id,
    )


def accepted(invitation: GroupInvitation, user: User) -> None:
    """Notify the author of an emailed invitation that someone joined; links notify nobody."""
    if invitation.is_email:
        _notify(
            invitation.by,
            invitation.group,
            "invitation.accepted",
            {"name": user.name},
            invitation.group.path,
            by=user,
        )


def missed(group: Group, user: User) -> None:
    """Notify someone that the invitation ended before they confirmed their address."""
    _notify(user, group, "invitation.missed", {}, MINE)


def _notify(
    user: User, place: Group, kind: str, words: dict[str, Any], url: str, **how: Any
) -> None:
    notify(
        [user],
        kind,
        url,
        {"group": place.name, **words},
        scope=f"group:{place.id}",
        about=place.name,
        **how,
    )
