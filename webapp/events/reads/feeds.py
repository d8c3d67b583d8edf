"""What a calendar program reads: the events of one person, or those of a group. Each is one statement, however many they are."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ...accounts.models import User
from ...core import clock
from ...core.extensions import db
from ...groups.models import Group
from ..models import GOING, MAYBE, OFFERED, WAITING, AgendaSession, Booking, CalendarFeed, Event, Rsvp, to_come
from ..shown import hosted_by, listed_for, named_by, owned_by, visible_to

#: What is over stays so long; everything to come is there, up to this many.
PAST, MOST = timedelta(days=90), 2000
_COLUMNS = ("id", "slug", "title", "summary", "place", "zone", "starts_at", "ends_at", "is_all_day", "state")
_MORE = ("version", "changed_at", "published_at", "created_at", "cancelled_reason")


def events_in(feed: CalendarFeed) -> Sequence[Any]:
    """What its person goes to, waits for, may come to or hosts; or what its group plans, as they see it. Soonest first.

    `room` is the link to the online room, where they may have it.
    """
    user = feed.user
    own = sa.and_(Rsvp.event_id == Event.id, Rsvp.user_id == user.id)
    room = sa.case((sa.or_(Rsvp.state == GOING, hosted_by(user)), Event.online_url), else_="")
    wanted = _rows(Rsvp.state.label("answer"), room.label("room")).outerjoin(Rsvp, own).where(visible_to(user))
    which = Event.id.in_(_mine(user)) if feed.group_id is None else Event.group_id == feed.group_id
    return db.session.execute(wanted.where(which)).all()


def sessions_in(feed: CalendarFeed) -> list[tuple[AgendaSession, Booking]]:
    """The sessions that its person has chosen, waits for, or gave up, with how they stand; soonest first. Of a group's, none.

    What was given up stays, to be taken out of the calendars that have it. One statement; one more for who speaks.
    """
    if feed.group_id is not None:
        return []
    whole = contains_eager(Booking.session)
    whole = whole.options(
        contains_eager(AgendaSession.event), joinedload(AgendaSession.room), selectinload(AgendaSession.speakers)
    )
    wanted = sa.select(Booking).join(Booking.session).join(AgendaSession.event).outerjoin(Group, Group.id == Event.group_id)
    wanted = wanted.where(Booking.user_id == feed.user_id, Event.agenda_at.is_not(None), visible_to(feed.user))
    wanted = wanted.where(AgendaSession.ends_at > clock.now() - PAST).order_by(AgendaSession.starts_at, AgendaSession.id)
    return [(row.session, row) for row in db.session.scalars(wanted.limit(MOST).options(whole))]


def events_of(group: Group, visitor: Any) -> Sequence[Any]:
    """What a group plans for everyone."""
    nothing: tuple[sa.ColumnElement[Any], ...] = (sa.null().label("answer"), sa.literal("").label("room"))
    return db.session.execute(_rows(*nothing).where(Event.group_id == group.id, listed_for(visitor))).all()


def _rows(*more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    columns: list[Any] = [getattr(Event, name) for name in (*_COLUMNS, *_MORE)]
    wanted = sa.select(*columns, *more).select_from(Event).outerjoin(Group, Group.id == Event.group_id)
    return wanted.where(to_come(clock.now() - PAST)).order_by(Event.starts_at, Event.id).limit(MOST)


def _mine(user: User) -> sa.CompoundSelect[Any]:
    answered = sa.select(Rsvp.event_id).where(Rsvp.user_id == user.id, Rsvp.state.in_((GOING, WAITING, OFFERED, MAYBE)))
    return sa.union(answered, sa.select(Event.id).where(owned_by(user)), named_by(user))
