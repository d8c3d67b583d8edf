"""Events in lists of what is next: for a person, for a group."""

import uuid
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from ...core import clock
from ...core.extensions import db
from ...groups.models import Group
from ..access import listed_for
from ..models import CANCELLED, GOING, MAYBE, OFFERED, WAITING, Event, Rsvp


class Row(NamedTuple):
    """An event in a list: what the macros `ev` and `event_card` ask, and the plain facts behind it."""

    id: uuid.UUID
    url: str
    title: str
    starts: datetime
    starts_at: datetime
    zone: str
    place: str
    going: int
    state: str | None
    party: int | None
    until: datetime | None
    group: str | None
    chip: tuple[str, str] | None
    meta: str
    people: tuple[Any, ...] = ()


_COLUMNS = (
    Event.id, Event.slug, Event.title, Event.starts_wall, Event.starts_at, Event.zone, Event.place, Event.seats_taken,
    Event.capacity, Event.waiting_count, Event.state.label("event_state"), Group.name.label("group_name"),
)  # fmt: skip
_ANSWER = (Rsvp.state, Rsvp.party, Rsvp.offered_until)


def coming_for(user: Any, limit: int = 10) -> list[Row]:
    """What `user` goes to, waits for, or may come to, soonest first."""
    return _mine(user, (GOING, WAITING, OFFERED, MAYBE), limit)


def waiting_for(user: Any, limit: int = 10) -> list[Row]:
    """Where `user` stands in a queue, soonest first."""
    return _mine(user, (WAITING,), limit)


def offers_for(user: Any, limit: int = 10) -> list[Row]:
    """Where seats are held for `user` (`until` when), those that run out first on top."""
    rows = _mine(user, (OFFERED,), limit)
    return sorted((row for row in rows if row.until and row.until > clock.now()), key=lambda row: row.until or row.starts_at)


def upcoming_of(group: Group, user: Any, limit: int = 5) -> list[Row]:
    """The group's next events, as far as `user` may find them, with their answer."""
    mine = sa.and_(Rsvp.event_id == Event.id, Rsvp.user_id == user.id) if user.id else sa.false()
    wanted = sa.select(*_COLUMNS, *_ANSWER).select_from(Event).join(Group, Event.group_id == Group.id).outerjoin(Rsvp, mine)
    return _rows(wanted.where(Event.group_id == group.id, listed_for(user)), limit)


def _mine(user: Any, states: tuple[str, ...], limit: int) -> list[Row]:
    if user.id is None:
        return []
    wanted = sa.select(*_COLUMNS, *_ANSWER).select_from(Event).join(Rsvp, Rsvp.event_id == Event.id)
    wanted = wanted.outerjoin(Group, Event.group_id == Group.id).where(Rsvp.user_id == user.id, Rsvp.state.in_(states))
    living = sa.and_(Event.deleted_at.is_(None), Group.deleted_at.is_(None))
    return _rows(wanted.where(living), limit)


def _rows(wanted: Any, limit: int) -> list[Row]:
    soonest = wanted.where(Event.ends_at > clock.now()).order_by(Event.starts_at, Event.id).limit(limit)
    return [_row(found) for found in db.session.execute(soonest)]


def _row(found: Any) -> Row:
    return Row(
        id=found.id,
        url=f"/events/{found.slug}",
        title=found.title,
        starts=found.starts_wall,
        starts_at=found.starts_at,
        zone=found.zone,
        place=found.place,
        going=found.seats_taken,
        state=found.state,
        party=found.party,
        until=found.offered_until,
        group=found.group_name,
        chip=chip_for(found),
        meta=" · ".join(part for part in (found.place, found.group_name) if part),
    )


def chip_for(found: Any) -> tuple[str, str] | None:
    """(kind, words): the reader's own answer, else how full it is."""
    if found.event_state == CANCELLED:
        return ("no", _("Cancelled"))
    own = {
        GOING: ("yes", _("You are going")),
        WAITING: ("wait", _("You are in the queue")),
        OFFERED: ("wait", _("A seat is held for you")),
        MAYBE: ("note", _("Maybe")),
    }
    if found.state in own:
        return own[found.state]
    if found.capacity is None:
        return None
    free = max(0, found.capacity - found.seats_taken)
    if free:
        return ("", ngettext("%(num)s seat free", "%(num)s seats free", free))
    return ("wait", _("Full, %(count)s waiting", count=found.waiting_count)) if found.waiting_count else ("wait", _("Full"))
