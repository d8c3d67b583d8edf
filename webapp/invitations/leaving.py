"""What ends with a membership, and with an account."""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..groups.models import Group
from .models import CLOSED, IDLE, GroupInvitation, InvitationUse, InvitedSignUp, Mailing


def joined(group: Group, user: User) -> None:
    """Emailed invitations to someone who has come by another way let nobody in any more. Those who
    manage the group don't see it: they would learn whose address it is."""
    theirs = GroupInvitation.email == user.email
    for invitation in _open(group, theirs, GroupInvitation.uses == 0):
        invitation.end(IDLE)


def left(group: Group, user: User) -> None:
    """What someone made who has left, was removed or banned is over: nobody answers for it."""
    for invitation in _open(group, GroupInvitation.by_id == user.id):
        invitation.end(CLOSED)


def erase(user: User) -> None:
    """What they made, what went to their address, and by which invitations they came is gone;
    that a place was used stays.
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
