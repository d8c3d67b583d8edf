"""Links that invite, and what those who manage a group do with an invitation: pause it,
resume it, take it back.
"""

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.session import new_id
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..groups import access as group_access
from ..groups import memberships
from ..groups.models import Group
from ..mail.models import DROPPED
from . import access, inviting
from .models import OPEN, PAUSED, WITHDRAWN, GroupInvitation

#: what is offered -> how long a link works; None: until it is taken back
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
    """There is a link by which anyone who has it may come, until `life` is over or `most` have."""
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
    """Nobody comes by it until it is resumed."""
    invitation = _held(invitation, by)
    if invitation.state != OPEN:
        raise Conflict(_("This invitation has ended or is paused."))
    invitation.paused_at = clock.now()
    _done("invitation.paused", invitation, by)


def resume(invitation: GroupInvitation, by: User) -> None:
    """One can come by it again; its email goes out if it was held back meanwhile."""
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
    """It is over, and gone from the list; of the address a fingerprint is left, so that nobody
    writes to it again too soon.
    """
    invitation = _held(invitation, by)
    if invitation.ending != WITHDRAWN:
        invitation.end(WITHDRAWN)
        invitation.email = None
        _done("invitation.withdrawn", invitation, by)


def _held(invitation: GroupInvitation, by: User) -> GroupInvitation:
    """The invitation as it is now; who holds its group is alone with all of its invitations."""
    group = memberships.hold(invitation.group)
    group_access.require(by, access.INVITE, group)
    db.session.refresh(invitation)
    return invitation


def _done(act: str, invitation: GroupInvitation, by: User) -> None:
    audit.record(act, by=by, subject=invitation, group=str(invitation.group_id))
    inviting.changed(invitation.group)
