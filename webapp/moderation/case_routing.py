"""Who judges a case: never whom it is about, and never only those who stand beside them.

A case of a group is for those who may moderate it; about someone who manages the group it is
for its owners, about an owner for the site's admins, as is what stands outside of groups and what
was passed on. An objection is for someone who did not decide before.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from ..accounts.admins import has_another_admin
from ..accounts.models import User
from ..core.extensions import db
from ..groups import access as group_access
from ..groups.models import MODERATOR, ORGANIZER, OWNER, Group, Membership
from .models import OBJECTED, TOLD, Case
from .reportable_types import people_to_tell

MODERATORS, OWNERS, ADMINS = ("moderators", "owners", "admins")
MODERATING = tuple(sorted(group_access.ACTIONS["group:moderate"]))


def judges(case: Case) -> str:
    """Who may judge the case, as roles are now."""
    if case.group is None or case.escalated_at is not None:
        return ADMINS
    role = group_access.role_of(case.author, case.group) if case.author is not None else None
    if role == OWNER:
        return ADMINS
    return OWNERS if role in (ORGANIZER, MODERATOR) else MODERATORS


def may_see(user: Any, case: Case) -> bool:
    """Whether the case is in one of `user`'s queues."""
    if user.id is None or user.id == case.author_id:
        return False
    judged_by = judges(case)
    if judged_by == ADMINS or case.group is None:
        return bool(user.is_admin) and user not in people_to_tell(
            case.kind, case.thing_id, case.author
        )
    role = group_access.role_of(user, case.group)
    return role == OWNER if judged_by == OWNERS else role in MODERATING


def may_judge(user: Any, case: Case) -> bool:
    """Whether `user` may decide now: an objection is not judged by the person who decided, unless
    there is nobody else.
    """
    if not may_see(user, case):
        return False
    if case.state != OBJECTED or case.decided_by_id != user.id:
        return True
    return judges(case) == ADMINS and not has_another_admin(user)


def case_in(user: Any, group: Group, case_id: UUID) -> Case:
    """The case of this group, for those in whose queue it stands. Raises NotFound."""
    return _seen(
        user,
        db.session.scalar(sa.select(Case).where(Case.id == case_id, Case.group_id == group.id)),
        inside=True,
    )


def case_of_site(user: Any, case_id: UUID) -> Case:
    """The case, for an admin whose it is to judge. Raises NotFound."""
    return _seen(user, db.session.get(Case, case_id), inside=False)


def decision_for(user: Any, case_id: UUID) -> Case:
    """The case that was decided about `user`. Raises NotFound, also while nothing was decided."""
    case = db.session.get(Case, case_id)
    if (
        case is None
        or not is_notified(case)
        or user not in people_to_tell(case.kind, case.thing_id, case.author)
    ):
        raise NotFound()
    return case


def is_notified(case: Case) -> bool:
    """Whether whom it is about knows of the case: a report that came to nothing is not told to
    them.
    """
    return case.outcome in TOLD


def role_in(group: Group) -> sa.ScalarSelect[str]:
    """The role in this group of whom a Case is about, as a part of another statement."""
    role = sa.select(Membership.role).where(
        Membership.group_id == group.id, Membership.user_id == Case.author_id
    )
    return role.correlate(Case).scalar_subquery()


def queue_of(user: Any, group: Group) -> sa.ColumnElement[bool]:
    """The condition on Case for what is in `user`'s queue in the group."""
    role = role_in(group)
    others = (
        [OWNER] if group_access.role_of(user, group) == OWNER else [OWNER, ORGANIZER, MODERATOR]
    )
    return sa.and_(
        Case.group_id == group.id,
        Case.escalated_at.is_(None),
        Case.author_id.is_distinct_from(user.id),
        sa.func.coalesce(role, "").not_in(others),
    )


def queue_of_site(user: User) -> sa.ColumnElement[bool]:
    """The condition on Case for what is in the queue of an admin."""
    owner = sa.exists().where(
        Membership.group_id == Case.group_id,
        Membership.user_id == Case.author_id,
        Membership.role == OWNER,
    )
    ours = sa.or_(Case.group_id.is_(None), Case.escalated_at.is_not(None), owner)
    return sa.and_(ours, Case.author_id.is_distinct_from(user.id), ~about_own_group(user))


def about_own_group(user: User) -> sa.ColumnElement[bool]:
    """The condition on Case for what is about a group that `user` owns."""
    mine = sa.select(Group.id).join(Membership, Membership.group_id == Group.id)
    mine = mine.where(
        Membership.user_id == user.id, Membership.role == OWNER, Group.deleted_at.is_(None)
    )
    return sa.and_(Case.kind == "group", Case.thing_id.in_(mine))


def _seen(user: Any, case: Case | None, inside: bool) -> Case:
    if case is None or not may_see(user, case) or (judges(case) != ADMINS) is not inside:
        raise NotFound()
    return case
