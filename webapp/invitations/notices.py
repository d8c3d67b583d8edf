"""Who is told what about invitations."""

from typing import Any

from ..accounts.models import User
from ..groups.models import Group
from ..notifications.notify import notify
from .models import GroupInvitation

#: Where one's own invitations stand: a line in the inbox keeps no secret.
MINE = "/invitations"


def arrived(invitation: GroupInvitation, user: User) -> None:
    """Who is invited has a line in the inbox, unless they keep the inviter at a distance.

    Their email is not posted here.
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
    )


def accepted(invitation: GroupInvitation, user: User) -> None:
    """Who invited by email knows that someone has come; of those who come by a link nobody is
    told.
    """
    if invitation.is_email and invitation.by_id != user.id:
        _notify(
            invitation.by,
            invitation.group,
            "invitation.accepted",
            {"name": user.name},
            invitation.group.path,
        )


def missed(group: Group, user: User) -> None:
    """Who signed up by an invitation knows that it did not last until their address was
    confirmed.
    """
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
