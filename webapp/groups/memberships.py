"""Membership of a group: joining, leaving, roles, removal; under its lock, which keeps the count
right.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from ..accounts.models import User
from ..core import hooks, live
from ..core.db import actor_lock
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..notifications import inbox
from ..notifications.models import Notification
from . import access, conduct, member_stats, notices, reads
from .models import (
    APPROVE,
    JOIN,
    MEMBER,
    OPEN,
    OWNER,
    ROLES,
    Ban,
    Group,
    JoinRequest,
    Membership,
    OwnershipOffer,
)


def join(group: Group, by: User, code_version: int = 0) -> Membership:
    """Make `by` a member who agrees to the code of conduct; an existing membership is returned
    unchanged.

    Raises UserError if they are banned, need an approval or invitation, or haven't agreed to the
    code.
    """
    group = hold(group)
    membership = current(group, by)
    if membership is not None:
        return membership
    refuse_banned(group, by)
    if group.join_policy == APPROVE:
        raise UserError(_("This group approves each request. Ask to join."))
    if group.join_policy != JOIN:
        raise UserError(_("You can only join this group by invitation."))
    conduct.require(group, code_version)
    return admit(group, by, code_version=code_version)


def leave(group: Group, by: User) -> None:
    """Remove `by` from the group. Raises UserError for the last owner."""
    actor_lock.end_rights_of(by.id)
    group = hold(group)
    membership = current(group, by)
    if membership is None:
        return
    _keep_an_owner(
        group, membership, _("You’re the last owner. Offer someone ownership before you leave.")
    )
    end(group, membership, by_choice=True)
    audit.record("member.left", by=by, subject=group)


def change_role(membership: Membership, role: str, by: User) -> None:
    """Change the member's role and notify them.

    Nobody becomes an owner this way: see `ownership`.
    """
    actor_lock.end_rights_of(membership.user_id)
    group = hold(membership.group)
    membership = fresh(membership)
    before = membership.role
    if role == before:
        return
    if not (access.can_give(by, group, role) and access.can_give(by, group, before)):
        raise UserError(_("Only owners can change who is an owner or organizer."), "role")
    if role == OWNER:
        raise UserError(_("To make someone an owner, offer them ownership."), "role")
    _keep_an_owner(
        group, membership, _("A group needs an owner. Offer someone ownership first."), "role"
    )
    take_role(membership, role)
    audit.record(
        "member.role_changed",
        by=by,
        subject=membership.user,
        group=str(group.id),
        before=before,
        after=role,
    )
    notices.role_changed(membership, by)


def remove(
    membership: Membership,
    by: User,
    reason: str = "",
    banned: bool = False,
    until: datetime | None = None,
    notify: bool = True,
) -> None:
    """Remove the member, and notify them of the reason unless the caller does so.

    With `banned` they can't come back before `until`, or ever if it is None.
    """
    actor_lock.end_rights_of(membership.user_id)
    group = hold(membership.group)
    membership = fresh(membership)
    user = membership.user
    if not access.can_remove(by, membership):
        raise UserError(_("You can’t remove yourself, or someone whose role you can’t change."))
    _keep_an_owner(group, membership, _("A group needs an owner. Offer someone ownership first."))
    if banned:
        over = sa.delete(Ban).where(Ban.group_id == group.id, Ban.user_id == user.id)
        db.session.execute(over)  # an expired ban that no job has deleted yet
        db.session.add(Ban(group_id=group.id, user_id=user.id, reason=reason, ends_at=until))
    end(group, membership, by_choice=False)
    audit.record(
        "member.banned" if banned else "member.removed", by=by, subject=user, group=str(group.id)
    )
    if notify:
        notices.removed(group, user, reason)
    db.session.flush()


def unban(ban: Ban, group: Group, by: User) -> None:
    """Lift the ban, so that the person can join or ask again."""
    audit.record("member.unbanned", by=by, subject=ban.user, group=str(group.id))
    db.session.delete(ban)
    db.session.flush()


def end_bans() -> None:
    """Lift bans whose last day has passed."""
    over = sa.select(Ban).options(joinedload(Ban.user)).where(Ban.ends_at <= clock.now())
    for ban in db.session.scalars(over.order_by(Ban.group_id, Ban.id)).all():
        audit.record("ban.ended", subject=ban.user, group=str(ban.group_id))
        db.session.delete(ban)
    db.session.flush()


def hold(group: Group) -> Group:
    """Lock and reload the group and forget cached roles. Raises Conflict if it was deleted."""
    group = locked(Group, group.id)
    access.forget_roles()
    if group.deleted_at is not None:
        raise Conflict(_("This group was deleted."))
    return group


def admit(group: Group, user: User, role: str = MEMBER, code_version: int = 0) -> Membership:
    """Make `user` a member and delete their request; `code_version`: the version they agreed to.

    The caller has locked the group.
    """
    membership = Membership(group=group, user=user, role=role, code_version=code_version)
    db.session.add(membership)
    group.member_count += 1
    member_stats.note(group, joined=1)
    db.session.execute(
        sa.delete(JoinRequest).where(
            JoinRequest.group_id == group.id, JoinRequest.user_id == user.id
        )
    )
    db.session.flush()
    hooks.member_joined(group=group, user=user)
    _signal(group, user)
    return membership


def take_role(membership: Membership, role: str) -> None:
    """Set the member's role, and end ownership offers that depend on the old one.

    The caller has locked the group.
    """
    group, user, lower = (
        membership.group,
        membership.user,
        ROLES.index(role) > ROLES.index(membership.role),
    )
    membership.role = role
    if role != OWNER:
        _end_offers(group, OwnershipOffer.by_id == user.id)
    if lower:
        _end_offers(group, OwnershipOffer.user_id == user.id)
    db.session.flush()
    _signal(group, user)


def refuse_banned(group: Group, user: User) -> None:
    """Raises UserError if the person is banned."""
    if reads.is_banned(group, user):
        raise UserError(_("You can’t join this group."))


def current(group: Group, user: User) -> Membership | None:
    """Return the current membership of `user`. The caller has locked the group."""
    query = sa.select(Membership).where(
        Membership.group_id == group.id, Membership.user_id == user.id
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def fresh(membership: Membership) -> Membership:
    """Reload the membership. The caller has locked the group.

    Raises Conflict if the person has left.
    """
    found: Any = db.session.get(Membership, membership.id, populate_existing=True)
    if found is None:
        raise Conflict(_("This person has since left the group."))
    return found


def end(group: Group, membership: Membership, by_choice: bool) -> None:
    """End the membership in a group that the caller has locked.

    `by_choice`: they leave; nobody removes them.
    """
    user = membership.user
    db.session.delete(membership)
    _end_offers(group, OwnershipOffer.by_id == user.id)
    db.session.execute(
        sa.delete(OwnershipOffer).where(
            OwnershipOffer.group_id == group.id, OwnershipOffer.user_id == user.id
        )
    )
    if user.is_active:  # closed accounts have been subtracted already
        group.member_count -= 1
        member_stats.note(group, departed=1)
    if group.visibility != OPEN:
        url = Notification.url
        inbox.stop_emails(
            user.id, sa.or_(url == group.path, url.startswith(f"{group.path}/", autoescape=True))
        )
    db.session.flush()
    hooks.member_left(group=group, user=user, by_choice=by_choice)
    _signal(group, user)


def _end_offers(group: Group, which: sa.ColumnElement[bool]) -> None:
    for offer in db.session.scalars(
        sa.select(OwnershipOffer).where(OwnershipOffer.group_id == group.id, which)
    ).all():
        db.session.delete(offer)
        notices.ownership_over(offer)


def _signal(group: Group, user: User) -> None:
    live.signal(f"group:{group.id}:members")
    live.signal(f"user:{user.id}:rights")


def _keep_an_owner(
    group: Group, membership: Membership, sentence: str, field: str | None = None
) -> None:
    if membership.role != OWNER:
        return
    if not reads.has_another_owner(group, membership.user_id):
        raise UserError(sentence, field)
