"""What pages show of groups. Each list is one statement, or two with its total."""

import uuid
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload
from werkzeug.exceptions import NotFound

from ..accounts import blocks
from ..accounts.models import User
from ..core.db.session import cached_statement, constant, one_or_404
from ..core.extensions import db
from ..core.time import clock
from .models import (
    MEMBER,
    OWNER,
    Ban,
    Category,
    Group,
    JoinRequest,
    Membership,
    OwnershipOffer,
    group_category,
)
from .roster import RANK as _RANK

#: How long a deleted group can be restored.
KEPT = timedelta(days=30)
#: The period of a group's figures.
LATELY = timedelta(days=30)

_GROUP = sa.bindparam("group", type_=sa.Uuid)
_MOST = sa.bindparam("most", type_=sa.Integer)


def groups_of(user: Any) -> list[Group]:
    """Return the groups of `user`, by name."""
    if user.id is None:
        return []
    mine = (
        sa.select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.user_id == user.id)
    )
    return list(
        db.session.scalars(mine.where(Group.deleted_at.is_(None)).order_by(Group.name, Group.id))
    )


def members(group: Group, *roles: str) -> list[User]:
    """Return the group's active members with one of `roles`, or all."""
    query = sa.select(User).join(Membership, Membership.user_id == User.id)
    query = query.where(Membership.group_id == group.id, User.deactivated_at.is_(None))
    if roles:
        query = query.where(Membership.role.in_(roles))
    return list(db.session.scalars(query.order_by(_RANK, User.search_text, User.id)))


def leaders(group: Group, limit: int = 8) -> list[Membership]:
    """Return the group's managers, owners first."""
    return list(db.session.scalars(_leaders(), {"group": group.id, "most": limit}))


@cache
def _leaders() -> sa.Select[Any]:
    query = _with_people().where(Membership.group_id == _GROUP, Membership.role != MEMBER)
    return query.order_by(_RANK, Membership.created_at, Membership.id).limit(_MOST)


def newest(group: Group, limit: int = 8) -> list[Any]:
    """Return the latest members, with what avatars need."""
    return list(db.session.execute(_newest(), {"group": group.id, "most": limit}))


@cache
def _newest() -> sa.Select[Any]:
    face: Any = (
        User.id,
        User.name.label("name"),
        User.handle,
        User.picture,
        User.profile_visibility,
    )
    query = sa.select(*face, User.deactivated_at).join(Membership, Membership.user_id == User.id)
    query = query.where(Membership.group_id == _GROUP, User.deactivated_at.is_(None))
    return query.order_by(Membership.created_at.desc(), Membership.id.desc()).limit(_MOST)


def membership_with(group: Group, membership_id: uuid.UUID) -> Membership:
    """Return the group's membership with this id. Raises NotFound."""
    return _of_group(Membership, group, membership_id)


def request_with(group: Group, request_id: uuid.UUID) -> JoinRequest:
    """Return the group's request with this id. Raises NotFound."""
    return _of_group(JoinRequest, group, request_id)


def ban_with(group: Group, ban_id: uuid.UUID) -> Ban:
    """Return the group's ban with this id. Raises NotFound."""
    return _of_group(Ban, group, ban_id)


def has_another_owner(group: Group, but: uuid.UUID) -> bool:
    """Whether the group has another owner with an active account."""
    query = sa.select(Membership.id).join(User, User.id == Membership.user_id)
    query = query.where(Membership.group_id == group.id, Membership.role == OWNER)
    query = query.where(Membership.user_id != but, User.deactivated_at.is_(None))
    return bool(db.session.scalar(sa.select(query.exists())))


def owned_alone(user: User) -> list[Group]:
    """Return the existing groups of which `user` is the only active owner, by name."""
    mine = sa.select(Group).join(Membership, Membership.group_id == Group.id)
    mine = mine.where(
        Membership.user_id == user.id, Membership.role == OWNER, Group.deleted_at.is_(None)
    )
    return [
        group
        for group in db.session.scalars(mine.order_by(Group.name, Group.id))
        if not has_another_owner(group, user.id)
    ]


def successor_of(group: Group, but: uuid.UUID) -> Membership | None:
    """Return who would lead the group without that person: the highest role, then the longest
    membership.
    """
    query = _with_people().where(Membership.group_id == group.id, Membership.user_id != but)
    return db.session.scalar(
        query.order_by(_RANK, Membership.created_at, Membership.id).limit(constant(1))
    )


def _with_people() -> Any:
    """Memberships of active accounts: closed ones appear in no list."""
    query = sa.select(Membership).join(Membership.user).options(contains_eager(Membership.user))
    return query.where(User.deactivated_at.is_(None))


def _of_group(model: Any, group: Group, row_id: uuid.UUID) -> Any:
    return one_or_404(sa.select(model).where(model.id == row_id, model.group_id == group.id))


def membership_of(group: Group, user: Any) -> Membership | None:
    """Return the membership of `user` in the group."""
    if user.is_preview is not None:
        return user.is_preview if user.is_preview.group_id == group.id else None
    return db.session.scalar(
        sa.select(Membership).where(Membership.group_id == group.id, Membership.user_id == user.id)
    )


def requests_of(group: Group) -> list[JoinRequest]:
    """Return open requests of active accounts, longest waiting first; not those ignored or
    declined.
    """
    waiting = (
        sa.select(JoinRequest).join(JoinRequest.user).options(contains_eager(JoinRequest.user))
    )
    waiting = waiting.where(JoinRequest.group_id == group.id, User.deactivated_at.is_(None))
    waiting = waiting.where(JoinRequest.ignored_at.is_(None), JoinRequest.declined_at.is_(None))
    return list(db.session.scalars(waiting.order_by(JoinRequest.created_at, JoinRequest.id)))


def membership_and_offer(
    group: Group, user: Any
) -> tuple[Membership | None, OwnershipOffer | None]:
    """Return the membership of `user`, and for a member the result of `offer_for`: one
    statement.
    """
    if user.is_preview is not None:
        return membership_of(group, user), None
    for membership, offer in _membership_and_offer(user, group=group.id):
        return membership, offer
    return None, None


@cached_statement
def _membership_and_offer(user: Any, now: Any) -> Any:
    by = aliased(User)
    reaching = (
        OwnershipOffer.expires_at > now,
        ~blocks.blockers_of(OwnershipOffer.by_id, user.id),
    )
    offered = (
        OwnershipOffer.group_id == Membership.group_id,
        OwnershipOffer.user_id == Membership.user_id,
        *reaching,
    )
    query = sa.select(Membership, OwnershipOffer).outerjoin(OwnershipOffer, sa.and_(*offered))
    query = query.outerjoin(OwnershipOffer.by.of_type(by)).options(
        contains_eager(OwnershipOffer.by.of_type(by))
    )
    return query.where(Membership.group_id == _GROUP, Membership.user_id == user.id)


def request_of(group: Group, user: Any) -> JoinRequest | None:
    """Return the open request of `user`; for them an ignored request is still open."""
    query = sa.select(JoinRequest).where(
        JoinRequest.group_id == group.id, JoinRequest.user_id == user.id
    )
    return db.session.scalar(query.where(JoinRequest.declined_at.is_(None)))


def offer_to(group: Group, user: Any) -> OwnershipOffer | None:
    """Return the ownership offer that `user` can still accept."""
    return db.session.scalar(_offers(group).where(OwnershipOffer.user_id == user.id))


def offer_for(group: Group, user: Any) -> OwnershipOffer | None:
    """Return the same as `user` sees it: without offers from people they blocked."""
    mine = _offers(group).where(OwnershipOffer.user_id == user.id)
    return db.session.scalar(mine.where(~blocks.blockers_of(OwnershipOffer.by_id, user.id)))


def offers_of(group: Group) -> list[OwnershipOffer]:
    """Return unanswered ownership offers, longest waiting first."""
    return list(
        db.session.scalars(_offers(group).order_by(OwnershipOffer.created_at, OwnershipOffer.id))
    )


def _offers(group: Group) -> sa.Select[OwnershipOffer]:
    people = (joinedload(OwnershipOffer.user), joinedload(OwnershipOffer.by))
    living = (OwnershipOffer.group_id == group.id, OwnershipOffer.expires_at > clock.now())
    return sa.select(OwnershipOffer).options(*people).where(*living)


def bans_of(group: Group) -> list[Ban]:
    """Return the bans, latest first."""
    query = sa.select(Ban).options(joinedload(Ban.user)).where(Ban.group_id == group.id)
    return list(db.session.scalars(query.order_by(Ban.created_at.desc(), Ban.id)))


def ban_of(group: Group, user: Any) -> Ban | None:
    """Return the ban of `user`."""
    return db.session.scalar(sa.select(Ban).where(Ban.group_id == group.id, Ban.user_id == user.id))


def is_banned(group: Group, user: Any) -> bool:
    """Whether `user` is banned."""
    return bool(db.session.scalar(sa.select(has_ban(group.id, user.id))))


def has_ban(group_id: Any, user_id: Any) -> sa.ColumnElement[bool]:
    """Return the condition that the person is banned from the group; ids or columns.

    The current time is read at execution, because some statements are built once.
    """
    now = sa.bindparam(None, callable_=clock.now, type_=Ban.ends_at.type, unique=True)
    is_current = sa.or_(Ban.ends_at.is_(None), Ban.ends_at > now)
    return sa.exists().where(Ban.group_id == group_id, Ban.user_id == user_id, is_current)


def deleted_by(user: Any) -> list[Group]:
    """Return the deleted groups that `user` owned and can restore, latest first."""
    if user.id is None:
        return []
    query = sa.select(Group).join(Membership, Membership.group_id == Group.id)
    query = query.where(
        Membership.user_id == user.id,
        Membership.role == OWNER,
        Group.deleted_at > clock.now() - KEPT,
    )
    return list(db.session.scalars(query.order_by(Group.deleted_at.desc())))


def share_a_group(reader: Any, person: User) -> bool:
    """Whether both are in the same existing group."""
    if reader.id is None:
        return False
    return bool(
        db.session.scalar(
            sa.select(belongs_together(*(sa.literal(one.id, sa.Uuid) for one in (reader, person))))
        )
    )


def belongs_together(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """Return the condition that two people, by ids or columns, are in the same existing group."""
    mine, theirs, group = aliased(Membership), aliased(Membership), aliased(Group)
    groups = sa.select(mine.group_id).join(group, group.id == mine.group_id)
    groups = groups.where(mine.user_id == one, group.deleted_at.is_(None))
    shared = sa.select(theirs.id).where(theirs.user_id == other, theirs.group_id.in_(groups))
    # OFFSET makes PostgreSQL ask for each person. It would read all members of these groups first.
    return sa.exists(shared.offset(constant(0)))


def categories() -> list[Category]:
    """Return all topics of the site, by name."""
    return list(db.session.scalars(sa.select(Category).order_by(Category.name)))


_TOPICS = sa.select(Category.slug, Category.name).order_by(Category.name)


def topics() -> tuple[tuple[str, str], ...]:
    """Return (slug, name) of all topics, by name."""
    return tuple((slug, name) for slug, name in db.session.execute(_TOPICS))


def category_with(topic_id: uuid.UUID) -> Category:
    """Return the topic with this id. Raises NotFound."""
    topic = db.session.get(Category, topic_id)
    if topic is None:
        raise NotFound()
    return topic


def groups_by_topic() -> dict[uuid.UUID, int]:
    """Return the number of existing groups by topic id."""
    counted = sa.select(group_category.c.category_id, sa.func.count()).join(
        Group, Group.id == group_category.c.group_id
    )
    counted = counted.where(Group.deleted_at.is_(None)).group_by(group_category.c.category_id)
    return dict(db.session.execute(counted).all())


def awaiting_approval_count(_user: Any = None) -> sa.ScalarSelect[int]:
    """Return the number of groups whose names admins have to approve, as a subquery."""
    waiting = Group.are_awaiting_approval(), Group.deleted_at.is_(None)
    return sa.select(sa.func.count(Group.id)).where(*waiting).scalar_subquery()


def requests(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """The number of open requests to join, as a part of another statement."""
    return _of(JoinRequest, group, *requests_waiting())


def recent_join_count(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """The number of members who joined in the last month, as a part of another statement."""
    return _of(Membership, group, Membership.created_at > clock.now() - LATELY)


def requests_waiting() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions on JoinRequest for open requests of active accounts."""
    here = sa.exists().where(User.id == JoinRequest.user_id, User.deactivated_at.is_(None))
    return JoinRequest.ignored_at.is_(None), JoinRequest.declined_at.is_(None), here


def offers_to(group: Group, user: Any) -> sa.ScalarSelect[int]:
    """Whether `user` has an ownership offer: 1 or 0; offers from people they blocked don't
    count.
    """
    near = ~blocks.blockers_of(OwnershipOffer.by_id, user.id)
    return _of(
        OwnershipOffer,
        group,
        OwnershipOffer.expires_at > clock.now(),
        OwnershipOffer.user_id == user.id,
        near,
    )


def _of(model: Any, group: Group, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    query = (
        sa.select(sa.func.count()).select_from(model).where(model.group_id == group.id, *conditions)
    )
    return query.scalar_subquery()
