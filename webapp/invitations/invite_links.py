"""Invitation links, and what managers can do with an invitation: pause, resume, withdraw."""

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.base import new_id
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..groups import access as group_access, memberships
from ..groups.models import Group
from ..mail.models import DROPPED
from . import access, inviting
from .models import OPEN, PAUSED, WITHDRAWN, GroupInvitation

#: Choices -> how long a link works; None: until it is withdrawn.
LIVES = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "ever": None,
}
MOST_USES = 1000


def make_link(
    group: Group,
    by: User,
    role: str,
    life: str = "week",
    most: int | None = None,
    label: str = "",
    id: UUID | None = None,
) -> GroupInvitation:
    """Create a link with which anyone can join, until `life` is over or `most` people have.

    Raises UserError for a role that `by` can't give, or an invalid limit.
    """
    group = memberships.hold(group)
    group_access.require(by, access.INVITE, group)
    if role not in access.roles_for(by, group):
        raise UserError(_("You can only give roles that you can also remove."), "role")
    if life not in LIVES:
        raise UserError(_("Choose how long the link works."), "life")
    if most is not None and not 1 <= most <= MOST_USES:
        raise UserError(_("Enter 1 to %(most)s people.", most=MOST_USES), "most")
    until = LIVES[life]
    link = GroupInvitation(
        id=id or new_id(), group=group, by=by, role=role, label=label, max_uses=most, uses=0
    )
    link.expires_at = clock.now() + until if until else None
    db.session.add(link)
    audit.record("invitation_link.made", by=by, subject=link, group=str(group.id), role=role)
    inviting.changed(group)
    return link


def pause(invitation: GroupInvitation, by: User) -> None:
    """Pause the invitation: nobody can use it. Raises Conflict if it isn't open."""
    invitation = _held(invitation, by)
    if invitation.state != OPEN:
        raise Conflict(_("This invitation has ended or is paused."))
    invitation.paused_at = clock.now()
    _done("invitation.paused", invitation, by)


def resume(invitation: GroupInvitation, by: User) -> None:
    """Resume the invitation; send its email if it was held back meanwhile.

    Raises Conflict if it isn't paused, UserError if `by` can't give its role.
    """
    invitation = _held(invitation, by)
    if invitation.role not in access.roles_for(by, invitation.group):
        raise UserError(_("You can only give roles that you can also remove."))
    if invitation.state != PAUSED:
        raise Conflict(_("This invitation isn’t paused."))
    invitation.paused_at = None
    if (
        invitation.email
        and invitation.outgoing_email is not None
        and invitation.outgoing_email.state == DROPPED
    ):
        inviting.enqueue(invitation)
    _done("invitation.resumed", invitation, by)


def withdraw(invitation: GroupInvitation, by: User) -> None:
    """Withdraw the invitation and remove it from the list.

    A hash of the address stays, so that nobody emails it again too soon.
    """
    invitation = _held(invitation, by)
    if invitation.ending != WITHDRAWN:
        invitation.end(WITHDRAWN)
        invitation.email = None
        _done("invitation.withdrawn", invitation, by)


def _held(invitation: GroupInvitation, by: User) -> GroupInvitation:
    """Reload the invitation under its group's lock, which protects all of its invitations."""
    group = memberships.hold(invitation.group)
    group_access.require(by, access.INVITE, group)
    db.session.refresh(invitation)
    return invitation


def _done(act: str, invitation: GroupInvitation, by: User) -> None:
    audit.record(act, by=by, subject=invitation, group=str(invitation.group_id))
    inviting.changed(invitation.group)
