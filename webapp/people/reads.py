"""What pages show of people, and who is here now as far as the reader may know."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased, selectinload

from ..accounts import blocks
from ..accounts.models import EVERYONE, GROUPS, NOBODY, User
from ..core import live
from ..core.db.session import cached_statement, constant
from ..core.extensions import db
from ..core.text.strings import listed
from ..groups.access import banned_from
from ..groups.directory import CARD
from ..groups.models import INVITE, SECRET, Category, Group, JoinRequest, Membership, group_category
from ..groups.reads import belongs_together
from .models import Profile, interest

#: Faces on a page; the others are counted.
FACES = 12


class Here(NamedTuple):
    """Who else has a page open, by name, as far as there is room; `more`: how many others.

    `url`: the page to refresh the list from.
    """

    topic: str
    url: str
    people: list[User]
    more: int

    @property
    def sentence(self) -> str:
        """The people in words."""
        names = listed(person.name for person in self.people)
        if self.more:
            return _("Here now: %(names)s and %(count)s more", names=names, count=self.more)
        return _("Here now: %(names)s", names=names)


def here(reader: User, topic: str, url: str) -> Here:
    """Return who else has a page of this topic open.

    One statement, none if there is nobody.
    """
    ids = [id for id in live.people_at(topic) if id != reader.id]
    rows = db.session.execute(_shown(), {"reader": reader.id, "people": ids}).all() if ids else []
    return Here(topic, url, [row[0] for row in rows], rows[0].total - len(rows) if rows else 0)


def online(reader: User, members: Iterable[User]) -> dict[UUID, bool]:
    """Return whether those of `members` who show it have a page open; `reader` shares a group with
    all.

    Empty if that can't be known.
    """
    shown = {
        person.id
        for person in members
        if person.shows_presence and person.profile_visibility != NOBODY
    }
    shown -= blocks.apart_from(reader, shown - {reader.id})
    found = live.online(shown) if shown else None
    return {} if found is None else {id: id in found for id in shown}


@cache
def _shown() -> sa.Select[User, int]:
    """People of `people` whom `reader` may know of; built once, because every page of an event or
    vote uses it.
    """
    reader: Any = sa.bindparam("reader", type_=sa.Uuid)
    present = User.id.in_(sa.bindparam("people", expanding=True, type_=sa.Uuid))
    together = sa.and_(User.profile_visibility == GROUPS, belongs_together(reader, User.id))
    query = sa.select(User, sa.func.count().over().label("total")).where(
        present, User.shows_presence
    )
    query = query.where(
        User.deactivated_at.is_(None), sa.or_(User.profile_visibility == EVERYONE, together)
    )
    query = query.where(~blocks.apart(reader, User.id))
    return query.order_by(User.search_text, User.id).limit(constant(FACES))


SUGGESTED = 4
#: How many groups of a topic are compared, newest first.
MOST_WEIGHED = 500


class TopicChoice(NamedTuple):
    """A topic of the site; `is_mine`: the reader chose it as an interest."""

    id: UUID
    slug: str
    name: str
    is_mine: bool


class Suggestion(NamedTuple):
    """A group as a card, and the names of the reader's interests that it shares."""

    group: Any
    because: list[str]


def profile_of(user: User) -> Profile:
    """Return the person's profile with interests; an empty one if there is none."""
    query = (
        sa.select(Profile)
        .options(selectinload(Profile.interests))
        .where(Profile.user_id == user.id)
    )
    return db.session.scalar(query) or Profile(
        user_id=user.id, bio="", links=[], shows_groups=False, interests=[]
    )


class SeenGroup(NamedTuple):
    """A group of someone, and since when the reader has been in it with them, if they are."""

    group: Group
    since: datetime | None


def groups_seen(person: User, reader: Any, shows_all: bool) -> list[SeenGroup]:
    """Return the groups of `person` that `reader` may know of: shared ones, and if the person
    `shows_all`, those that aren't secret. One statement.
    """
    theirs, mine = aliased(Membership), aliased(Membership)
    shared = sa.and_(mine.group_id == Group.id, mine.user_id == reader.id)
    query = (
        sa.select(Group, theirs.created_at, mine.created_at)
        .join(theirs, sa.and_(theirs.group_id == Group.id, theirs.user_id == person.id))
        .outerjoin(mine, shared)
        .where(Group.deleted_at.is_(None))
    )
    seen: sa.ColumnElement[bool] = mine.id.is_not(None)
    if shows_all:
        seen = sa.or_(seen, Group.visibility != SECRET)
    rows = db.session.execute(query.where(seen).order_by(Group.name, Group.id))
    return [SeenGroup(group, max(joined, own) if own else None) for group, joined, own in rows]


def topics_for(reader: Any) -> list[TopicChoice]:
    """Return all topics of the site by name, with the reader's interests marked."""
    return [TopicChoice(*row) for row in _topics(reader)]


@cached_statement
def _topics(reader: Any, _now: Any) -> Any:
    mine = sa.and_(interest.c.category_id == Category.id, interest.c.user_id == reader.id)
    query = sa.select(
        Category.id, Category.slug, Category.name, interest.c.user_id.is_not(None)
    ).outerjoin(interest, mine)
    return query.order_by(Category.name)


def people_by_topic() -> dict[UUID, int]:
    """Return the number of interested people by topic id."""
    counted = sa.select(interest.c.category_id, sa.func.count()).group_by(interest.c.category_id)
    return dict(db.session.execute(counted).all())


def suggested_to(reader: Any, interests: list[TopicChoice]) -> list[Suggestion]:
    """Return groups that the reader might like and can join or request to join.

    Those sharing the most interests first, then the largest. Not groups that they belong to, have
    asked or are banned from.
    """
    if not interests:
        return []
    given: dict[str, Any] = {f"topic{number}": topic.id for number, topic in enumerate(interests)}
    given |= {"reader": reader.id, "banned": list(banned_from(reader))}
    best = db.session.execute(_suggestions(len(interests)), given)
    return [Suggestion(row, _named(row.topics, interests)) for row in best]


@cache
def _suggestions(number: int) -> sa.Select[Any]:
    """Built once for each number of interests."""
    reader, banned = _given("reader"), _given("banned", expanding=True)
    weighed = sa.union_all(*(_newest_of(f"topic{one}") for one in range(number))).subquery()
    shared = sa.func.count().label("shared")
    names = sa.func.aggregate_strings(sa.cast(weighed.c.category_id, sa.String), ",").label(
        "topics"
    )
    of_each = sa.select(weighed.c.group_id, shared, names).group_by(weighed.c.group_id).subquery()
    query = sa.select(*CARD, of_each.c.topics).join(of_each, of_each.c.group_id == Group.id)
    query = query.where(
        Group.deleted_at.is_(None), Group.visibility != SECRET, Group.join_policy != INVITE
    )
    query = query.where(Group.id.not_in(banned))
    for model in (Membership, JoinRequest):
        query = query.where(~sa.exists().where(model.group_id == Group.id, model.user_id == reader))
    return query.order_by(
        of_each.c.shared.desc(), Group.member_count.desc(), Group.id.desc()
    ).limit(SUGGESTED)


def _given(name: str, expanding: bool = False) -> Any:
    return sa.bindparam(name, type_=sa.Uuid, expanding=expanding)


def _newest_of(topic: str) -> sa.Select[Any]:
    of_topic = sa.select(group_category).where(group_category.c.category_id == _given(topic))
    return sa.select(
        of_topic.order_by(group_category.c.group_id.desc()).limit(MOST_WEIGHED).subquery()
    )


def _named(ids: str, interests: list[TopicChoice]) -> list[str]:
    shared = set(map(UUID, ids.split(",")))
    return [topic.name for topic in interests if topic.id in shared]
