"""Deleting one's account: asked for with the password, thought over for 14 days, carried out by
every feature.
"""

from typing import Any

from flask_babel import gettext as _

from ..accounts import account_deletion, erasing
from ..accounts.credentials import PasswordProof
from ..accounts.models import User
from ..core import hooks
from ..core.http.errors import UserError
from ..groups import member_removal
from ..groups import reads as group_reads
from ..notifications import inbox
from . import reads


class OwnsGroups(UserError):
    """Groups would stand without an owner."""

    def __init__(self) -> None:
        super().__init__(
            _("You’re the only owner of some groups. Hand them over first, or delete them.")
        )


def ask(by: User, proof: PasswordProof) -> None:
    """`by` is signed out everywhere and erased in 14 days, unless they come back.

    Raises UserError for a wrong password, for who owns groups alone, for the last admin, and where
    the account was closed meanwhile. The groups are held first, so that of two owners who leave at
    once one is told.
    """
    member_removal.hold_groups_of(by)
    user = account_deletion.hold(by)
    if not proof.is_right or user.password_hash != proof.password_hash:
        raise UserError(_("That’s not your password. Try again."), field="password")
    if group_reads.owned_alone(user):
        raise OwnsGroups
    account_deletion.leave(user)


def carry_out(user_id: Any) -> bool:
    """Nothing is left of the person but what others need, without their name.

    False when they have come back.
    """
    user = account_deletion.hold_if_due(user_id)
    if user is None:
        return False
    hooks.user_erased(user=user)
    inbox.anonymise(user)  # others were told of what ended meanwhile: memberships, tasks, events
    erasing.anonymise(user)
    return True


def consequences(user: User) -> dict[str, Any]:
    """What the page tells: what must be handed over first, and what ends at once."""
    return {
        "groups": group_reads.owned_alone(user),
        "events": reads.coming_events_of(user),
        "until": account_deletion.restorable_until(),
    }
