"""What pages show of groups. Every list is one statement, or two with its total."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from ..accounts.models import User
from ..core.extensions import db
from ..core.pages import Page
from ..core.text import folded, like
from .models import ROLES, SECRET, Category, Group, JoinRequest, Membership

PAGE = 20
#: owners first
_RANK = sa.case({role: rank for rank, role in enumerate(ROLES)}, value=Membership.role)


def groups_of(user: Any) -> list[Group]:
    """The groups that `user` belongs to, by name."""
    if user.id is None:
        return []
    mine = sa.select(Group).join(Membership, Membership.group_id == Group.id).where(Membership.user_id == user.id)
    return list(db.session.scalars(mine.where(Group.deleted_at.is_(None)).order_by(Group.name, Group.id)))


def listed(user: Any, words: str = "", category: str = "", page: int = 1) -> Page:
    """The groups that `user` may find, whose texts hold every one of the words and whose topics have `category` (a slug)."""
    visible = Group.visibility != SECRET
    if user.id is not None:
        mine = sa.select(Membership.group_id).where(Membership.user_id == user.id)
        visible = sa.or_(visible, Group.id.in_(mine))
    wanted = sa.select(Group).where(Group.deleted_at.is_(None), visible)
    for word in folded(words).split():
        wanted = wanted.where(Group.search_text.like(like(word), escape="\\"))
    if category:
        wanted = wanted.where(Group.categories.any(Category.slug == category))
    return paged(wanted, (Group.name, Group.id), page)


def members_of(group: Group, role: str = "", words: str = "", page: int = 1, size: int = PAGE) -> Page:
    """Memberships with their people: owners first, then by name; only those of `role`, and whose names hold every word."""
    wanted = sa.select(Membership).join(Membership.user).options(contains_eager(Membership.user)).where(Membership.group_id == group.id)
    if role in ROLES:
        wanted = wanted.where(Membership.role == role)
    for word in folded(words).split():
        wanted = wanted.where(User.search_text.like(like(word), escape="\\"))
    return paged(wanted, (_RANK, User.search_text, Membership.id), page, size)


def member_ids(group: Group) -> list[uuid.UUID]:
    """The ids of all who belong to the group."""
    return list(db.session.scalars(sa.select(Membership.user_id).where(Membership.group_id == group.id)))


def members(group: Group, *roles: str) -> list[User]:
    """All who belong to the group in one of `roles` (any, when none is named), whose accounts are in use."""
    wanted = sa.select(User).join(Membership, Membership.user_id == User.id)
    wanted = wanted.where(Membership.group_id == group.id, User.deactivated_at.is_(None))
    if roles:
        wanted = wanted.where(Membership.role.in_(roles))
    return list(db.session.scalars(wanted.order_by(_RANK, User.search_text, User.id)))


def membership_of(group: Group, user: Any) -> Membership | None:
    """The membership of `user` in the group."""
    return db.session.scalar(sa.select(Membership).where(Membership.group_id == group.id, Membership.user_id == user.id))


def requests_of(group: Group) -> list[JoinRequest]:
    """Who would like to be let in, the longest waiting first; those ignored are not among them."""
    waiting = sa.select(JoinRequest).options(joinedload(JoinRequest.user)).where(JoinRequest.group_id == group.id)
    return list(db.session.scalars(waiting.where(JoinRequest.ignored_at.is_(None)).order_by(JoinRequest.created_at, JoinRequest.id)))


def categories() -> list[Category]:
    """All topics of the site, by name."""
    return list(db.session.scalars(sa.select(Category).order_by(Category.name)))


def paged(wanted: Any, order: tuple[Any, ...], page: int, size: int = PAGE) -> Page:
    """One page of what the statement finds, in this order, with the total of all."""
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.order_by(None).subquery())) or 0
    rows = db.session.scalars(wanted.order_by(*order).limit(size).offset((page - 1) * size))
    return Page(list(rows), total, page, size)
