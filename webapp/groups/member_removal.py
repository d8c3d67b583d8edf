"""Who is erased belongs to no group any more, and no group stands without an owner for it."""

from collections.abc import Sequence

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.observability import audit
from . import groups, member_stats, memberships, notices, reads
from .models import OWNER, Ban, Group, JoinRequest, Membership, OwnershipOffer


def hold_groups_of(user: User) -> Sequence[Group]:
    """The groups that `user` belongs to, fresh and under their locks, in one order: their owners
    stay who they are.
    """
    mine = sa.select(Membership.group_id).where(Membership.user_id == user.id)
    chosen = sa.select(Group).where(Group.id.in_(mine)).order_by(Group.id).with_for_update()
    return db.session.scalars(chosen.execution_options(populate_existing=True)).all()


def step_out(user: User) -> None:
    """Whose account is in use no more is counted in none of their groups, from the day on which
    they left the site.

    A group that nobody else owns has another owner at once: an account may be closed by the site's
    admins, unasked. Anyone who comes back owns it beside them.
    """
    for group in hold_groups_of(user):
        group.member_count -= 1
        member_stats.note(group, departed=1)
        _keep_an_owner(group, user)


def step_in(user: User) -> None:
    """Anyone who came back in time is counted again."""
    for group in hold_groups_of(user):
        group.member_count += 1
        member_stats.note(group, joined=1)


def erase(user: User) -> None:
    """Memberships, requests, bans and offers are gone; a group that would stand without an owner
    has another, or is put away.
    """
    for group in hold_groups_of(user):
        membership = memberships.current(group, user)
        if membership is None:
            continue
        _keep_an_owner(group, user)
        memberships.end(group, membership)
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
    """To its leader, else to the person who has belonged to it longest; with nobody left it is
    put away.

    Nobody leaves by themselves before they have handed their groups over: this is for accounts that
    are closed, and for what happened in the days after someone asked to be deleted.
    """
    heir = reads.successor_of(group, user.id)
    if heir is None:
        groups.delete(group, by=user)
        return
    memberships.take_role(heir, OWNER)
    audit.record("ownership.inherited", subject=heir.user, group=str(group.id))
    notices.ownership_inherited(group, heir.user)
