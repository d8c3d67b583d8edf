"""From an invitation to the group by way of a sign-up: kept with the account, so that the email
may be opened anywhere.
"""

import uuid

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.session import new_id
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.time import clock
from ..groups import access as group_access
from . import accepting, notices, reads
from .models import GroupInvitation, InvitedSignUp


def note_invitation(invitation_id: uuid.UUID, user: User) -> None:
    """The new account will belong to the invitation's group once its address is confirmed.

    An invitation lets as many sign up as it lets in. Who signs up again by the same emailed one,
    after a slip in the address, takes the place of the account before, which nobody has confirmed.
    Raises UserError when one can no longer come by it.

    For an account that is confirmed the same is asked, refused and sent to the database, and its
    row stays as it was.
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
    """The account came by this invitation and by no other, unless its address is confirmed: two
    statements in each case.
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
    """Who signed up by an invitation belongs to its group; who was invited before they had an
    account is told.
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
    """Who has signed up by an invitation and may use the site belongs to its group, or knows why
    not.
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
    """Who confirms holds their account and then the group: in this order here, too, so that
    neither waits for the other.
    """
    people = (
        sa.select(User.id)
        .join(InvitedSignUp, InvitedSignUp.user_id == User.id)
        .where(InvitedSignUp.invitation_id == invitation.id)
    )
    db.session.execute(people.order_by(User.id).with_for_update(of=User))


def _gave_way(sign_up: InvitedSignUp) -> bool:
    """An account that nobody confirmed is gone."""
    user = sign_up.user
    if user.is_verified:
        return False
    db.session.delete(sign_up)
    db.session.delete(user)
    db.session.flush()
    return True
