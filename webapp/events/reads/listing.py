"""Short lists: a group's next events, someone's drafts, events by topic; and the columns of
lists.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from ...core import i18n
from ...core.db.session import cached_statement, constant
from ...core.extensions import db
from ...groups.access import roles_of
from ...groups.models import Group
from ..access import listed_to_reader, named_by, owned_by
from ..list_rows import EventRow, row_of, varied
from ..models import DRAFT, PUBLISHED, Event, Rsvp, path_of, to_come

SIZE = 20
_Listed = sa.orm.aliased(Group)


class NextEvent(NamedTuple):
    """A group's next event, for its card; `starts` is the local time there, `day` the date in
    words.
    """

    url: str
    title: str
    starts: datetime
    day: str


def drafts_of(user: Any) -> list[EventRow]:
    """Return the drafts that `user` hosts, latest first."""
    return varied([row_of(event) for event in _drafts(user)])


@cached_statement
def _drafts(user: Any, now: Any) -> Any:
    theirs = sa.union(
        sa.select(Event.id).where(owned_by(user), Event.state == constant(DRAFT)), named_by(user)
    )
    living = (Event.deleted_at.is_(None), Group.deleted_at.is_(None))
    chosen = rows().where(Event.state == constant(DRAFT), *living, Event.id.in_(theirs))
    return chosen.order_by(Event.created_at.desc()).limit(constant(SIZE))


def upcoming_of(group: Group, user: Any, limit: int = 5) -> list[EventRow]:
    """Return the group's next events that `user` may find, soonest first, with their own
    answers.
    """
    found = _upcoming(user, group=group.id, limit=limit, groups=list(roles_of(user)))
    return varied([row_of(event, event.answer, False) for event in found])


@cached_statement
def _upcoming(user: Any, _now: Any) -> Any:
    mine = sa.and_(Rsvp.event_id == Event.id, Rsvp.user_id == user.id)
    chosen = rows().add_columns(Rsvp.state.label("answer")).outerjoin(Rsvp, mine)
    within = Event.group_id == sa.bindparam("group", type_=sa.Uuid)
    chosen = chosen.where(within, to_come(), listed_to_reader(user))
    limit = sa.bindparam("limit", type_=sa.Integer)
    return chosen.order_by(Event.starts_at, Event.id).limit(limit)


def next_of(groups: Iterable[UUID], user: Any) -> dict[UUID, NextEvent]:
    """Return each group's next event that `user` may find, by group id."""
    found = _next_of(user, wanted=list(groups), groups=list(roles_of(user)))
    return {
        row.group_id: NextEvent(
            path_of(row.slug),
            row.title,
            row.starts_wall,
            i18n.short_day(row.starts_at, row.zone),
        )
        for row in found
    }


@cached_statement
def _next_of(user: Any, _now: Any) -> Any:
    coming = (
        sa.select(Event.id)
        .outerjoin(Group, Group.id == Event.group_id)
        .where(Event.group_id == _Listed.id)
    )
    coming = coming.where(
        to_come(), listed_to_reader(user), Event.state == constant(PUBLISHED)
    ).correlate(_Listed)
    soonest = coming.order_by(Event.starts_at, Event.id).limit(constant(1)).scalar_subquery()
    of_each = (
        sa.select(_Listed.id.label("group_id"), soonest.label("event_id"))
        .where(_Listed.id.in_(sa.bindparam("wanted", type_=sa.Uuid, expanding=True)))
        .subquery()
    )
    columns = (
        of_each.c.group_id,
        Event.slug,
        Event.title,
        Event.starts_wall,
        Event.starts_at,
        Event.zone,
    )
    return sa.select(*columns).join(of_each, of_each.c.event_id == Event.id)


def rows() -> sa.Select[Any]:
    """Select events with the columns for a line, and their groups."""
    what = (
        Event.id,
        Event.slug,
        Event.title,
        Event.picture,
        Event.scene,
        Event.starts_at,
        Event.starts_wall,
        Event.zone,
        Event.venue,
    )
    ends = (Event.ends_at, Event.is_all_day)
    state = (
        Event.state,
        Event.capacity,
        Event.seats_taken,
        Event.waiting_count,
        (Event.online_url != "").label("is_online"),
    )
    columns: list[Any] = [*what, *ends, *state, Group.name.label("group_name")]
    return sa.select(*columns).join(Group, Group.id == Event.group_id, isouter=True)


def events_by_topic() -> dict[UUID, int]:
    """Return the number of existing events by topic id, without those that have their group's
    topics.
    """
    counted = sa.select(Event.category_id, sa.func.count()).where(
        Event.category_id.is_not(None), Event.deleted_at.is_(None)
    )
    return {
        topic_id: number
        for topic_id, number in db.session.execute(counted.group_by(Event.category_id))
        if topic_id
    }
