"""Remove erased people from groups, and make sure that no group is left without an owner."""

from collections.abc import Sequence

import sqlalchemy as sa

from ..accounts.models import User
from ..core.db.session import FOR_CHANGES
from ..core.extensions import db
from ..core.observability import audit
from . import groups, member_stats, memberships, notices, reads
from .models import OWNER, Ban, Group, JoinRequest, Membership, OwnershipOffer


def hold_groups_of(user: User) -> Sequence[Group]:
    """Lock and reload the groups of `user`, always in the same order, so that owners can't
    change.
    """
    mine = sa.select(Membership.group_id).where(Membership.user_id == user.id)
    chosen = sa.select(Group).where(Group.id.in_(mine)).order_by(Group.id)
    chosen = chosen.with_for_update(**FOR_CHANGES)
    return db.session.scalars(chosen.execution_options(populate_existing=True)).all()


def step_out(user: User) -> None:
    """Stop counting a closed account in its groups, from the day on which they left the site.

    A group without another owner gets one at once, because admins can close an account unannounced.
    If the person comes back, they own it together.
    """
    for group in hold_groups_of(user):
        group.member_count -= 1
        member_stats.note(group, departed=1)
        _keep_an_owner(group, user)


def step_in(user: User) -> None:
    """Count a person again who came back in time."""
    for group in hold_groups_of(user):
        group.member_count += 1
        member_stats.note(group, joined=1)


def erase(user: User) -> None:
    """Delete memberships, requests, bans and offers. A group without an owner gets another or is
    deleted.
    """
    for group in hold_groups_of(user):
        membership = memberships.current(group, user)
        if membership is None:
            continue
        _keep_an_owner(group, user)
        memberships.end(group, membership, by_choice=True)
    for model in (JoinRequest, Ban):
        db.session.execute(sa.delete(model).where(model.user_id == user.id))
    offers = sa.or_(OwnershipOffer.by_id == user.id, OwnershipOffer.user_id == user.id)
    db.session.execute(sa.delete(OwnershipOffer).where(offers))


def _keep_an_owner(group: Group, user: User) -> None:
    membership = memberships.current(group, user)
    owned = membership is not None and membership.role == OWNER and group.deleted_at is None
    if owned and not reads.has_another_owner(group, user.id):
        _pass_on(group, user)


def _pass_on(group: Group, user: User) -> None:
    """Make the highest-ranking member the owner, or the longest-serving; delete the group if nobody
    is left.

    People must hand over their groups before they leave. So this is for accounts closed by admins,
    and for changes after a request to delete an account.
    """
    heir = reads.successor_of(group, user.id)
    if heir is None:
        groups.delete(group, by=user)
        return
    memberships.take_role(heir, OWNER)
    audit.record("ownership.inherited", subject=heir.user, group=str(group.id))
    notices.ownership_inherited(group, heir.user)
