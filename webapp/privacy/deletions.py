"""Deleting one's account: requested with the password, carried out by every feature after
14 days.
"""

from typing import Any

from flask_babel import gettext as _

from ..accounts import account_deletion, erasing
from ..accounts.credentials import PasswordProof
from ..accounts.models import User
from ..core import hooks
from ..core.db import actor_lock
from ..core.http.errors import UserError
from ..groups import member_removal, reads as group_reads
from ..notifications import inbox
from . import reads


class OwnsGroups(UserError):
    """Some groups would be left without an owner."""

    def __init__(self) -> None:
        super().__init__(
            _("You’re the only owner of some groups. Hand them over first, or delete them.")
        )


def ask(by: User, proof: PasswordProof) -> None:
    """Sign `by` out everywhere and erase the account in 14 days, unless they come back.

    Raises UserError for a wrong password, the only owner of a group, the last admin, and an account
    that was closed meanwhile. The groups are locked first, so that of two owners who leave at once
    one is refused.
    """
    actor_lock.end_rights_of(by.id)
    member_removal.hold_groups_of(by)
    user = account_deletion.hold(by)
    if not proof.is_right or user.password_hash != proof.password_hash:
        raise UserError(_("That’s not your password. Try again."), field="password")
    if group_reads.owned_alone(user):
        raise OwnsGroups
    account_deletion.leave(user)


def carry_out(user_id: Any) -> bool:
    """Erase the person; keep only what others need, without their name.

    Return False if they have come back.
    """
    user = account_deletion.hold_if_due(user_id)
    if user is None:
        return False
    hooks.user_erased(user=user)
    # others were notified about what ended meanwhile: memberships, tasks, events
    inbox.anonymise(user)
    erasing.anonymise(user)
    return True


def consequences(user: User) -> dict[str, Any]:
    """Return what the page shows: what must be handed over first, and what ends at once."""
    return {
        "groups": group_reads.owned_alone(user),
        "events": reads.coming_events_of(user),
        "until": account_deletion.restorable_until(),
    }
