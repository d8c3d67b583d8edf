"""What pages show of people."""

from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from ..accounts.models import User
from ..core.extensions import db
from ..groups.access import banned_from
from ..groups.directory import CARD
from ..groups.models import INVITE, SECRET, Category, Group, JoinRequest, Membership, group_category
from .models import Profile, interest
from .presence import online as online

SUGGESTED = 4
#: So many groups of a topic are weighed, the newest ones.
MOST_WEIGHED = 500


class Topic(NamedTuple):
    """A topic of the site; `is_mine`: the reader has chosen it as an interest."""

    id: UUID
    slug: str
    name: str
    is_mine: bool


class Suggestion(NamedTuple):
    """A group as a card, and the names of the reader's interests that it has."""

    group: Any
    because: list[str]


def profile_of(user: User) -> Profile:
    """What the person wrote, with their interests; an empty one where they have written nothing."""
    wanted = (
        sa.select(Profile)
        .options(selectinload(Profile.interests))
        .where(Profile.user_id == user.id)
    )
    return db.session.scalar(wanted) or Profile(
        user_id=user.id, bio="", links=[], shows_groups=False, interests=[]
    )


def groups_seen(person: User, reader: Any) -> list[Group]:
    """The groups of `person` that `reader` may know of them: those that are not secret, and
    those that both belong to.
    """
    wanted = (
        sa.select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.user_id == person.id)
    )
    seen = Group.visibility != SECRET
    if reader.id is not None:
        seen = sa.or_(
            seen,
            Group.id.in_(sa.select(Membership.group_id).where(Membership.user_id == reader.id)),
        )
    return list(
        db.session.scalars(
            wanted.where(Group.deleted_at.is_(None), seen).order_by(Group.name, Group.id)
        )
    )


def topics_for(reader: Any) -> list[Topic]:
    """All topics of the site by name, those marked that the reader has chosen."""
    mine = sa.and_(interest.c.category_id == Category.id, interest.c.user_id == reader.id)
    wanted = sa.select(
        Category.id, Category.slug, Category.name, interest.c.user_id.is_not(None)
    ).outerjoin(interest, mine)
    return [Topic(*row) for row in db.session.execute(wanted.order_by(Category.name))]


def people_by_topic() -> dict[UUID, int]:
    """How many are interested in each topic, by its id."""
    counted = sa.select(interest.c.category_id, sa.func.count()).group_by(interest.c.category_id)
    return dict(db.session.execute(counted).all())


def suggested_to(reader: Any, interests: list[Topic]) -> list[Suggestion]:
    """Groups that the reader might like and may join or ask: those that share most of their
    interests, then the largest.

    Not those that they belong to, have asked, or may not come back into.
    """
    if not interests:
        return []
    weighed = sa.union_all(*(_newest_of(topic.id) for topic in interests)).subquery()
    shared = sa.func.count().label("shared")
    names = sa.func.aggregate_strings(sa.cast(weighed.c.category_id, sa.String), ",").label(
        "topics"
    )
    of_each = sa.select(weighed.c.group_id, shared, names).group_by(weighed.c.group_id).subquery()
    wanted = sa.select(*CARD, of_each.c.topics).join(of_each, of_each.c.group_id == Group.id)
    wanted = wanted.where(
        Group.deleted_at.is_(None), Group.visibility != SECRET, Group.way_in != INVITE
    )
    wanted = wanted.where(Group.id.not_in(list(banned_from(reader))))
    for model in (Membership, JoinRequest):
        wanted = wanted.where(
            ~sa.exists().where(model.group_id == Group.id, model.user_id == reader.id)
        )
    best = wanted.order_by(
        of_each.c.shared.desc(), Group.member_count.desc(), Group.id.desc()
    ).limit(SUGGESTED)
    return [Suggestion(row, _named(row.topics, interests)) for row in db.session.execute(best)]


def _newest_of(topic: UUID) -> sa.Select[Any]:
    of_topic = sa.select(group_category).where(group_category.c.category_id == topic)
    return sa.select(
        of_topic.order_by(group_category.c.group_id.desc()).limit(MOST_WEIGHED).subquery()
    )


def _named(ids: str, interests: list[Topic]) -> list[str]:
    shared = set(map(UUID, ids.split(",")))
    return [topic.name for topic in interests if topic.id in shared]
