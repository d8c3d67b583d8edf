"""What ends with a membership or an account."""

from typing import Any

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..groups.models import Group
from .models import CLOSED, IDLE, GroupInvitation, InvitationUse, InvitedSignUp, Mailing


def joined(group: Group, user: User) -> None:
    """End emailed invitations to someone who has joined otherwise.

    Managers don't see that: it would reveal whose address it is.
    """
    theirs = GroupInvitation.email == user.email
    for invitation in _open(group, theirs, GroupInvitation.uses == 0):
        invitation.end(IDLE)


def left(group: Group, user: User, **_what: Any) -> None:
    """End the invitations of someone who left, was removed or banned: nobody answers for them."""
    for invitation in _open(group, GroupInvitation.by_id == user.id):
        invitation.end(CLOSED)


def erase(user: User) -> None:
    """Delete invitations that they created, that went to their address, and their uses; counters
    stay.
    """
    mine = sa.or_(GroupInvitation.by_id == user.id, GroupInvitation.email == user.email)
    db.session.execute(sa.delete(GroupInvitation).where(mine))
    db.session.execute(sa.delete(Mailing).where(Mailing.by_id == user.id))
    for model in (InvitationUse, InvitedSignUp):
        db.session.execute(sa.delete(model).where(model.user_id == user.id))


def _open(group: Group, *which: sa.ColumnElement[bool]) -> list[GroupInvitation]:
    rows = sa.select(GroupInvitation).where(
        GroupInvitation.group_id == group.id, GroupInvitation.ending == "", *which
    )
    return list(db.session.scalars(rows))
