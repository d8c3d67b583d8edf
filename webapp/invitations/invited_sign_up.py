"""Join a group by signing up with an invitation. Stored with the account, so that the email can be
opened anywhere.
"""

import uuid

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.base import new_id
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.time import clock
from ..groups import access as group_access
from . import accepting, notices, reads
from .models import GroupInvitation, InvitedSignUp


def note_invitation(invitation_id: uuid.UUID, user: User) -> None:
    """Let the new account join the invitation's group once its address is confirmed.

    An invitation lets as many sign up as it admits. Someone who signs up again with the same
    emailed invitation, after a typo in the address, replaces the earlier unconfirmed account.
    Raises Conflict if the invitation isn't valid.

    A confirmed account takes the same checks, errors and statements, but its row stays unchanged.
    """
    invitation = db.session.get(GroupInvitation, invitation_id)
    if invitation is None:
        raise Conflict(_("This invitation is no longer valid."))
    _wait_for_those_who_confirm(invitation)
    _group, invitation = accepting.hold(invitation)
    accepting.refuse_over(invitation)
    others = list(
        db.session.scalars(
            sa.select(InvitedSignUp).where(
                InvitedSignUp.invitation_id == invitation.id, InvitedSignUp.user_id != user.id
            )
        )
    )
    if invitation.is_email:
        others = [one for one in others if not _gave_way(one)]
    if invitation.max_uses is not None and invitation.uses + len(others) >= invitation.max_uses:
        raise Conflict(_("This invitation has reached its limit."))
    _note(invitation, user)


def _note(invitation: GroupInvitation, user: User) -> None:
    """Store that the account came by this invitation and no other, unless its address is confirmed.

    Two statements in either case.
    """
    is_new = sa.select(User.id).where(User.id == user.id, User.verified_at.is_(None))
    db.session.execute(sa.delete(InvitedSignUp).where(InvitedSignUp.user_id.in_(is_new)))
    values = {
        "id": new_id(),
        "created_at": clock.now(),
        "invitation_id": invitation.id,
        "user_nonce": user.nonce,
    }
    columns = [
        sa.literal(value, InvitedSignUp.__table__.c[name].type) for name, value in values.items()
    ]
    db.session.execute(
        sa.insert(InvitedSignUp).from_select(["user_id", *values], is_new.add_columns(*columns))
    )


def email_confirmed(user: User) -> None:
    """Join the group of the invitation with which they signed up, and notify them of earlier
    invitations.
    """
    sign_up = reads.invited_sign_up_of(user)
    if sign_up is not None and sign_up.user_nonce != user.nonce:
        db.session.delete(sign_up)
        db.session.flush()
    if user.is_approved:
        join(user)
    for invitation in reads.waiting_for(user):
        notices.arrived(invitation, user)


def join(user: User) -> None:
    """Let someone who signed up with an invitation join its group once they may use the site; else
    say why not.
    """
    sign_up = reads.invited_sign_up_of(user)
    if sign_up is None or not user.is_verified:
        return
    invitation = sign_up.invitation
    db.session.delete(sign_up)
    try:
        accepting.accept(invitation, by=user, code_version=None)
    except UserError:
        notices.missed(invitation.group, user)
    group_access.forget_roles()
    db.session.flush()


def _wait_for_those_who_confirm(invitation: GroupInvitation) -> None:
    """Lock the accounts before the group, in the same order as a confirmation does, to avoid
    deadlocks.
    """
    people = (
        sa.select(User.id)
        .join(InvitedSignUp, InvitedSignUp.user_id == User.id)
        .where(InvitedSignUp.invitation_id == invitation.id)
    )
    db.session.execute(people.order_by(User.id).with_for_update(of=User))


def _gave_way(sign_up: InvitedSignUp) -> bool:
    """Delete the account if nobody has confirmed it; return whether that happened."""
    user = sign_up.user
    if user.is_verified:
        return False
    db.session.delete(sign_up)
    db.session.delete(user)
    db.session.flush()
    return True
