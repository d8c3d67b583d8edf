"""What pages show of groups. Every list is one statement, or two with its total."""

import uuid
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload
from werkzeug.exceptions import NotFound

from ..accounts import blocks
from ..accounts.models import User
from ..core.db.session import cached_statement, one_or_404
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

#: So long a group that was put away can be brought back.
KEPT = timedelta(days=30)
#: So far back the figures of a group go.
LATELY = timedelta(days=30)

_GROUP = sa.bindparam("group", type_=sa.Uuid)
_MOST = sa.bindparam("most", type_=sa.Integer)


def groups_of(user: Any) -> list[Group]:
    """The groups that `user` belongs to, by name."""
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
    """All who belong to the group in one of `roles` (any, when none is named), whose accounts
    are in use.
    """
    query = sa.select(User).join(Membership, Membership.user_id == User.id)
    query = query.where(Membership.group_id == group.id, User.deactivated_at.is_(None))
    if roles:
        query = query.where(Membership.role.in_(roles))
    return list(db.session.scalars(query.order_by(_RANK, User.search_text, User.id)))


def leaders(group: Group, limit: int = 8) -> list[Membership]:
    """Who manages the group: owners first."""
    return list(db.session.scalars(_leaders(), {"group": group.id, "most": limit}))


@cache
def _leaders() -> sa.Select[Any]:
    wanted = _with_people().where(Membership.group_id == _GROUP, Membership.role != MEMBER)
    return wanted.order_by(_RANK, Membership.created_at, Membership.id).limit(_MOST)


def newest(group: Group, limit: int = 8) -> list[Any]:
    """The faces of those who joined last."""
    return list(db.session.execute(_newest(), {"group": group.id, "most": limit}))


@cache
def _newest() -> sa.Select[Any]:
    name = (User.first_name + " " + User.last_name).label("name")
    face: Any = (User.id, name, User.handle, User.picture, User.profile_visibility)
    query = sa.select(*face, User.deactivated_at).join(Membership, Membership.user_id == User.id)
    query = query.where(Membership.group_id == _GROUP, User.deactivated_at.is_(None))
    return query.order_by(Membership.created_at.desc(), Membership.id.desc()).limit(_MOST)


def membership_with(group: Group, membership_id: uuid.UUID) -> Membership:
    """The membership with this id, of this group and no other; raises NotFound."""
    return _of_group(Membership, group, membership_id)


def request_with(group: Group, request_id: uuid.UUID) -> JoinRequest:
    """The request with this id, of this group and no other; raises NotFound."""
    return _of_group(JoinRequest, group, request_id)


def ban_with(group: Group, ban_id: uuid.UUID) -> Ban:
    """The ban with this id, of this group and no other; raises NotFound."""
    return _of_group(Ban, group, ban_id)


def has_another_owner(group: Group, but: uuid.UUID) -> bool:
    """Whether someone else owns the group whose account is in use."""
    query = sa.select(Membership.id).join(User, User.id == Membership.user_id)
    query = query.where(Membership.group_id == group.id, Membership.role == OWNER)
    query = query.where(Membership.user_id != but, User.deactivated_at.is_(None))
    return bool(db.session.scalar(sa.select(query.exists())))


def owned_alone(user: User) -> list[Group]:
    """The groups that stand and that nobody else owns whose account is in use, by name."""
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
    """Who would manage the group without that person: the highest role, and in it the one who
    has belonged longest.
    """
    wanted = _with_people().where(Membership.group_id == group.id, Membership.user_id != but)
    return db.session.scalar(wanted.order_by(_RANK, Membership.created_at, Membership.id).limit(1))


def _with_people() -> Any:
    """Memberships of people whose accounts are in use: who is leaving the site is in no list."""
    found = sa.select(Membership).join(Membership.user).options(contains_eager(Membership.user))
    return found.where(User.deactivated_at.is_(None))


def _of_group(model: Any, group: Group, row_id: uuid.UUID) -> Any:
    return one_or_404(sa.select(model).where(model.id == row_id, model.group_id == group.id))


def membership_of(group: Group, user: Any) -> Membership | None:
    """The membership of `user` in the group."""
    if user.is_preview is not None:
        return user.is_preview if user.is_preview.group_id == group.id else None
    return db.session.scalar(
        sa.select(Membership).where(Membership.group_id == group.id, Membership.user_id == user.id)
    )


def requests_of(group: Group) -> list[JoinRequest]:
    """Who would like to be let in and whose account is in use, the longest waiting first; those
    ignored or declined are not among them."""
    waiting = (
        sa.select(JoinRequest).join(JoinRequest.user).options(contains_eager(JoinRequest.user))
    )
    waiting = waiting.where(JoinRequest.group_id == group.id, User.deactivated_at.is_(None))
    waiting = waiting.where(JoinRequest.ignored_at.is_(None), JoinRequest.declined_at.is_(None))
    return list(db.session.scalars(waiting.order_by(JoinRequest.created_at, JoinRequest.id)))


def membership_and_offer(
    group: Group, user: Any
) -> tuple[Membership | None, OwnershipOffer | None]:
    """The membership of `user`, and for a member what `offer_for` finds: one statement."""
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
    """What `user` asked of the group; to them a request that was ignored still waits."""
    asked = sa.select(JoinRequest).where(
        JoinRequest.group_id == group.id, JoinRequest.user_id == user.id
    )
    return db.session.scalar(asked.where(JoinRequest.declined_at.is_(None)))


def offer_to(group: Group, user: Any) -> OwnershipOffer | None:
    """The ownership of the group that `user` has been offered and may still accept."""
    return db.session.scalar(_offers(group).where(OwnershipOffer.user_id == user.id))


def offer_for(group: Group, user: Any) -> OwnershipOffer | None:
    """The same as `user` meets it: what someone offers whom they have blocked does not reach
    them.
    """
    mine = _offers(group).where(OwnershipOffer.user_id == user.id)
    return db.session.scalar(mine.where(~blocks.blockers_of(OwnershipOffer.by_id, user.id)))


def offers_of(group: Group) -> list[OwnershipOffer]:
    """Who has been offered ownership and has not answered, the longest waiting first."""
    return list(
        db.session.scalars(_offers(group).order_by(OwnershipOffer.created_at, OwnershipOffer.id))
    )


def _offers(group: Group) -> sa.Select[OwnershipOffer]:
    people = (joinedload(OwnershipOffer.user), joinedload(OwnershipOffer.by))
    living = (OwnershipOffer.group_id == group.id, OwnershipOffer.expires_at > clock.now())
    return sa.select(OwnershipOffer).options(*people).where(*living)


def bans_of(group: Group) -> list[Ban]:
    """Who may not come back, the latest first."""
    query = sa.select(Ban).options(joinedload(Ban.user)).where(Ban.group_id == group.id)
    return list(db.session.scalars(query.order_by(Ban.created_at.desc(), Ban.id)))


def ban_of(group: Group, user: Any) -> Ban | None:
    """The ban that keeps `user` out."""
    return db.session.scalar(sa.select(Ban).where(Ban.group_id == group.id, Ban.user_id == user.id))


def is_banned(group: Group, user: Any) -> bool:
    """Whether `user` may not come back."""
    return bool(db.session.scalar(sa.select(has_ban(group.id, user.id))))


def has_ban(group_id: Any, user_id: Any) -> sa.ColumnElement[bool]:
    """The condition that a ban, whose last day is not over, keeps the person with this id out of
    that group; ids or columns.

    What is over is asked when the statement runs, for some are built once.
    """
    now = sa.bindparam(None, callable_=clock.now, type_=Ban.ends_at.type, unique=True)
    is_current = sa.or_(Ban.ends_at.is_(None), Ban.ends_at > now)
    return sa.exists().where(Ban.group_id == group_id, Ban.user_id == user_id, is_current)


def deleted_by(user: Any) -> list[Group]:
    """The deleted groups that `user` owned and may still bring back, the latest first."""
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
    """Whether both belong to one group that stands."""
    if reader.id is None:
        return False
    return bool(
        db.session.scalar(
            sa.select(belongs_together(*(sa.literal(one.id, sa.Uuid) for one in (reader, person))))
        )
    )


def belongs_together(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """The condition that the people with these ids, or those of these columns, belong to one
    group that stands.
    """
    mine, theirs, group = aliased(Membership), aliased(Membership), aliased(Group)
    groups = sa.select(mine.group_id).join(group, group.id == mine.group_id)
    groups = groups.where(mine.user_id == one, group.deleted_at.is_(None))
    return sa.exists().where(theirs.user_id == other, theirs.group_id.in_(groups))


def categories() -> list[Category]:
    """All topics of the site, by name."""
    return list(db.session.scalars(sa.select(Category).order_by(Category.name)))


_TOPICS = sa.select(Category.slug, Category.name).order_by(Category.name)


def topics() -> tuple[tuple[str, str], ...]:
    """(slug, name) of all topics, by name."""
    return tuple((slug, name) for slug, name in db.session.execute(_TOPICS))


def category_with(topic_id: uuid.UUID) -> Category:
    """The topic with this id. Raises NotFound."""
    topic = db.session.get(Category, topic_id)
    if topic is None:
        raise NotFound()
    return topic


def groups_by_topic() -> dict[uuid.UUID, int]:
    """How many groups that stand have each topic, by its id."""
    counted = sa.select(group_category.c.category_id, sa.func.count()).join(
        Group, Group.id == group_category.c.group_id
    )
    counted = counted.where(Group.deleted_at.is_(None)).group_by(group_category.c.category_id)
    return dict(db.session.execute(counted).all())


def requests(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """Requests to join that nobody has answered or ignored."""
    return _of(JoinRequest, group, *requests_waiting())


def recent_join_count(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """How many members have joined in the last month."""
    return _of(Membership, group, Membership.created_at > clock.now() - LATELY)


def requests_waiting() -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions on JoinRequest for what someone has to answer: a person who leaves the site
    waits for nothing.
    """
    here = sa.exists().where(User.id == JoinRequest.user_id, User.deactivated_at.is_(None))
    return JoinRequest.ignored_at.is_(None), JoinRequest.declined_at.is_(None), here


def offers_to(group: Group, user: Any) -> sa.ScalarSelect[int]:
    """Whether `user` themselves may accept ownership: 1 or 0; nothing of what those offer whom
    they have blocked.
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
    found = (
        sa.select(sa.func.count()).select_from(model).where(model.group_id == group.id, *conditions)
    )
    return found.scalar_subquery()
