"""Events in a person's or a group's calendar feed.

Each is one statement, however many events there are.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from ...core.db.base import UtcDateTime
from ...core.extensions import db
from ...core.time import clock
from ...groups.models import Group
from ..access import hosted_by, listed_for, named_by, owned_by, visible_to
from ..models import GOING, LONGEST, MAYBE, OFFERED, WAITING, CalendarFeed, Event, Rsvp, to_come
from .entries import COLUMNS

#: Past events stay in a feed this long; upcoming ones are all in it, up to this many.
PAST, MOST = timedelta(days=90), 2000


def events_in(feed: CalendarFeed) -> Sequence[Any]:
    """Return the person's events (answered or hosted), or the group's as they see them; soonest
    first.

    `room` is the link for joining online, if they may have it.
    """
    return db.session.execute(_in_feed(feed.group_id is None), _whose(feed)).all()


def fingerprint_text(feed: CalendarFeed) -> str:
    """Return all that `events_in` finds as one text made by the database.

    It tells whether anything has changed, without building hundreds of rows.
    """
    return db.session.scalar(_fingerprint_text(feed.group_id is None), _whose(feed)) or ""


def events_of(group: Group, visitor: Any) -> Sequence[Any]:
    """Return a group's events listed to everyone."""
    nothing: tuple[sa.ColumnElement[Any], ...] = (
        sa.null().label("answer"),
        sa.literal("").label("room"),
    )
    query = _rows(*nothing).where(
        to_come(clock.now() - PAST), Event.group_id == group.id, listed_for(visitor)
    )
    return db.session.execute(query).all()


def _whose(feed: CalendarFeed) -> dict[str, Any]:
    since = clock.now() - PAST
    early = since - LONGEST - timedelta(days=1)  # as in `to_come`
    return {"reader": feed.user.id, "group": feed.group_id, "since": since, "early": early}


@cache
def _in_feed(is_own: bool) -> sa.Select[Any]:
    """Build the statement once: that takes as long as reading a hundred events."""
    user, group = (
        SimpleNamespace(id=sa.bindparam("reader", type_=sa.Uuid)),
        sa.bindparam("group", type_=sa.Uuid),
    )
    since, early = (sa.bindparam(name, type_=UtcDateTime()) for name in ("since", "early"))
    own = sa.and_(Rsvp.event_id == Event.id, Rsvp.user_id == user.id)
    room = sa.case((sa.or_(Rsvp.state == GOING, hosted_by(user)), Event.online_url), else_="")
    query = (
        _rows(Rsvp.state.label("answer"), room.label("room"))
        .outerjoin(Rsvp, own)
        .where(visible_to(user))
    )
    query = query.where(Event.starts_at > early, Event.ends_at > since)
    return query.where(Event.id.in_(_mine(user)) if is_own else Event.group_id == group)


@cache
def _fingerprint_text(is_own: bool) -> sa.Select[Any]:
    found = _in_feed(is_own).subquery()
    text: Any = sa.literal("")
    for column in found.c:
        text = text + sa.func.coalesce(sa.cast(column, sa.Text), "") + "\x1f"
    return sa.select(sa.func.aggregate_strings(text, "\x1e"))


def _rows(*more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    query = sa.select(*(getattr(Event, name) for name in COLUMNS), *more).select_from(Event)
    return (
        query.outerjoin(Group, Group.id == Event.group_id)
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    )


def _mine(user: Any) -> sa.CompoundSelect[Any]:
    answered = sa.select(Rsvp.event_id).where(
        Rsvp.user_id == user.id, Rsvp.state.in_((GOING, WAITING, OFFERED, MAYBE))
    )
    return sa.union(answered, sa.select(Event.id).where(owned_by(user)), named_by(user))
