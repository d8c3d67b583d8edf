"""Accept or decline an invitation.

Under the group's lock: a link with two uses left admits two people, not three.
"""

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.extensions import db
from ..core.http.errors import Conflict
from ..core.observability import audit
from ..core.time import clock
from ..groups import access as group_access, conduct, memberships
from ..groups.models import Group, Membership
from . import access, inviting, notices
from .models import DECLINED, GroupInvitation, InvitationUse


def accept(invitation: GroupInvitation, by: User, code_version: int | None = 0) -> Membership:
    """Make `by` a member with the invitation's role; existing members stay as they are and use
    nothing up.

    `code_version`: the version of the code of conduct that they agreed to; None if they can't be
    asked now: then the group's page will. Raises Conflict if the invitation isn't valid.
    """
    group, invitation = hold(invitation)
    membership = memberships.current(group, by)
    if membership is not None:
        return membership
    memberships.refuse_banned(group, by)
    refuse_over(invitation, by)
    if code_version is not None:
        conduct.require(group, code_version)
    if not has_used(invitation, by):
        invitation.uses += 1
        db.session.add(InvitationUse(invitation_id=invitation.id, user_id=by.id))
    db.session.flush()
    membership = memberships.admit(group, by, invitation.role, code_version or 0)
    audit.record(
        "invitation.accepted", by=by, subject=invitation, group=str(group.id), role=invitation.role
    )
    notices.accepted(invitation, by)
    inviting.changed(group)
    return membership


def decline(invitation: GroupInvitation, by: User) -> None:
    """Decline an emailed invitation; the inviter sees that.

    A link stays valid, because it is for others as well.
    """
    group, invitation = hold(invitation)
    if not invitation.is_email:
        return
    refuse_over(invitation, by)
    invitation.end(DECLINED)
    audit.record("invitation.declined", by=by, subject=invitation, group=str(group.id))
    inviting.changed(group)


def hold(invitation: GroupInvitation) -> tuple[Group, GroupInvitation]:
    """Lock the group and reload the invitation. Raises Conflict if the group was deleted."""
    group = memberships.hold(invitation.group)
    db.session.refresh(invitation)
    return group, invitation


def refuse_over(invitation: GroupInvitation, user: User | None = None) -> None:
    """Raises Conflict with the reason if the invitation isn't valid."""
    sentence = why_not(invitation, user)
    if sentence:
        raise Conflict(sentence)


def why_not(invitation: GroupInvitation, user: User | None = None) -> str:
    """Return why the invitation isn't valid, for its recipient, or "". Its group must exist.

    It is worth what its author may still give. People who have used it can use it again.
    """
    again = user is not None and not invitation.is_email and has_used(invitation, user)
    if invitation.ending:
        return _no_longer()
    if invitation.is_used_up and not again:
        return _("It has reached its limit. Ask the person who gave it to you for a new one.")
    if invitation.expires_at is not None and invitation.expires_at <= clock.now():
        return _("It has expired. Ask the person who gave it to you for a new one.")
    if invitation.paused_at is not None:
        return _("It’s paused for now. Ask the person who gave it to you, or try again later.")
    return "" if is_backed(invitation) else _no_longer()


def _no_longer() -> str:
    return _("It’s no longer valid. Ask the person who gave it to you for a new one.")


def has_used(invitation: GroupInvitation, user: User) -> bool:
    """Whether `user` has joined with the invitation."""
    use = sa.exists().where(
        InvitationUse.invitation_id == invitation.id, InvitationUse.user_id == user.id
    )
    return bool(db.session.scalar(sa.select(use)))


def is_backed(invitation: GroupInvitation) -> bool:
    """Whether its author could create it now: they can invite, and may give its role."""
    inviter, group = invitation.by, invitation.group
    if not inviter.is_active or not group_access.can(inviter, access.INVITE, group):
        return False
    return group_access.can_give(inviter, group, invitation.role)
