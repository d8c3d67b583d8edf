"""Who judges a case: never the person concerned, and never only people close to them.

A case in a group goes to its moderators; about someone who manages the group to its owners; about
an owner to admins. Admins also get cases outside groups and escalated ones. An appeal goes to
someone who didn't make the decision.
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
    """Return who may judge the case, by current roles."""
    if case.group is None or case.escalated_at is not None:
        return ADMINS
    role = group_access.role_of(case.author, case.group) if case.author is not None else None
    if role == OWNER:
        return ADMINS
    return OWNERS if role in (ORGANIZER, MODERATOR) else MODERATORS


def may_see(user: Any, case: Case) -> bool:
    """Whether the case is in one of the queues of `user`."""
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
    """Whether `user` may decide now. An appeal needs another judge, unless there is none."""
    if not may_see(user, case):
        return False
    if case.state != OBJECTED or case.decided_by_id != user.id:
        return True
    return judges(case) == ADMINS and not has_another_admin(user)


def case_in(user: Any, group: Group, case_id: UUID) -> Case:
    """Return the group's case if it is in the queue of `user`. Raises NotFound."""
    return _seen(
        user,
        db.session.scalar(sa.select(Case).where(Case.id == case_id, Case.group_id == group.id)),
        inside=True,
    )


def case_of_site(user: Any, case_id: UUID) -> Case:
    """Return the case if `user` may judge it as an admin. Raises NotFound."""
    return _seen(user, db.session.get(Case, case_id), inside=False)


def decision_for(user: Any, case_id: UUID) -> Case:
    """Return the case that was decided about `user`. Raises NotFound, also before a decision."""
    case = db.session.get(Case, case_id)
    if (
        case is None
        or not is_notified(case)
        or user not in people_to_tell(case.kind, case.thing_id, case.author)
    ):
        raise NotFound()
    return case


def is_notified(case: Case) -> bool:
    """Whether the person concerned knows of the case: not if the report was dismissed."""
    return case.outcome in TOLD


def role_in(group: Group) -> sa.ScalarSelect[str]:
    """Return the role in this group of the person concerned, as a part of another statement."""
    role = sa.select(Membership.role).where(
        Membership.group_id == group.id, Membership.user_id == Case.author_id
    )
    return role.correlate(Case).scalar_subquery()


def queue_of(user: Any, group: Group) -> sa.ColumnElement[bool]:
    """Return the condition on Case for the queue of `user` in the group."""
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
    """Return the condition on Case for an admin's queue."""
    owner = sa.exists().where(
        Membership.group_id == Case.group_id,
        Membership.user_id == Case.author_id,
        Membership.role == OWNER,
    )
    ours = sa.or_(Case.group_id.is_(None), Case.escalated_at.is_not(None), owner)
    return sa.and_(ours, Case.author_id.is_distinct_from(user.id), ~about_own_group(user))


def about_own_group(user: User) -> sa.ColumnElement[bool]:
    """Return the condition on Case for cases about a group that `user` owns."""
    mine = sa.select(Group.id).join(Membership, Membership.group_id == Group.id)
    mine = mine.where(
        Membership.user_id == user.id, Membership.role == OWNER, Group.deleted_at.is_(None)
    )
    return sa.and_(Case.kind == "group", Case.thing_id.in_(mine))


def _seen(user: Any, case: Case | None, inside: bool) -> Case:
    if case is None or not may_see(user, case) or (judges(case) != ADMINS) is not inside:
        raise NotFound()
    return case
