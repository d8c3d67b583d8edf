"""What a group has planned, as those see it who look after it: drafts, and coming events with the answers to them."""

from typing import Any

import sqlalchemy as sa

from ...core import clock
from ...core.extensions import db
from ...groups.models import OPEN, Group
from ..models import CANCELLED, DRAFT, GOING, GROUP, OFFERED, WAITING, Event, EventHost, Rsvp, to_come
from ..rows import EventRow, counted_row

MOST = 50


def drafts_waiting(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """How many events of the group nobody but its hosts sees yet: a part of another statement."""
    found = sa.select(sa.func.count()).select_from(Event)
    return found.where(Event.group_id == group.id, Event.state == DRAFT, Event.deleted_at.is_(None)).scalar_subquery()


def planned_in(group: Group, limit: int = MOST) -> tuple[list[EventRow], list[EventRow]]:
    """The drafts of the group, and what comes, soonest first; each as a line with its answers. One statement."""
    now = clock.now()
    wanted = sa.select(Event).where(Event.group_id == group.id, Event.deleted_at.is_(None))
    wanted = wanted.where(sa.or_(Event.state == DRAFT, sa.and_(Event.state != CANCELLED, to_come(now))))
    found = db.session.scalars(wanted.order_by(Event.starts_at, Event.id).limit(limit)).all()
    drafts = [counted_row(event) for event in found if event.state == DRAFT]
    return drafts, [counted_row(event) for event in found if event.state != DRAFT]


def lost_by_leaving(group: Group, user: Any) -> list[Any]:
    """The coming events, soonest first, at which `user` loses their place when they leave the group: title, slug and state."""
    inside = sa.true() if group.visibility != OPEN else Event.audience == GROUP
    hosted = sa.select(EventHost.event_id).where(EventHost.user_id == user.id)
    wanted = sa.select(Event.title, Event.slug, Event.starts_at, Event.zone, Rsvp.state).join(Rsvp, Rsvp.event_id == Event.id)
    wanted = wanted.where(Event.group_id == group.id, Event.deleted_at.is_(None), Event.starts_at > clock.now(), inside)
    wanted = wanted.where(Rsvp.user_id == user.id, Rsvp.state.in_((GOING, WAITING, OFFERED)), Event.id.not_in(hosted))
    return list(db.session.execute(wanted.order_by(Event.starts_at, Event.id)))
