"""Who leaves a group, or the site, leaves the seats and the queues that they can no longer use."""

import sqlalchemy as sa

from ..accounts.models import User
from ..core import clock, hooks
from ..core.database import locked
from ..core.extensions import db
from ..groups.models import OPEN, Group
from . import notices, queue, rsvps
from .models import GROUP, NOT_GOING, Event, EventHost, Rsvp


def subscribe() -> None:
    """From now on answers end with the membership or the account that they needed."""
    hooks.member_left.subscribe(left_group)
    hooks.user_deactivated.subscribe(left_site)
    hooks.user_erased.subscribe(left_site)


def left_group(group: Group, user: User) -> None:
    """`user` comes to no event of the group that only its members see; their seats go to those who wait."""
    coming = _answered(user).where(Event.group_id == group.id)
    coming = coming.where(Event.id.not_in(sa.select(EventHost.event_id).where(EventHost.user_id == user.id)))
    if group.visibility == OPEN:
        coming = coming.where(Event.audience == GROUP)
    _take_back(user, coming)


def left_site(user: User) -> None:
    """`user` comes to no event any more; their seats go to those who wait."""
    _take_back(user, _answered(user))


def _answered(user: User) -> sa.Select[Event]:
    """Events that have not begun, in one order for everyone, so that two who leave never wait for each other's lock."""
    answers = sa.select(Event).join(Rsvp, Rsvp.event_id == Event.id).where(Rsvp.user_id == user.id)
    return answers.where(Rsvp.state != NOT_GOING, Event.starts_at > clock.now()).order_by(Event.id)


def _take_back(user: User, coming: sa.Select[Event]) -> None:
    for event_id in db.session.scalars(coming.with_only_columns(Event.id)).all():
        event = locked(Event, event_id)
        row = rsvps.of(event, user)
        if row is None:
            continue
        queue.release(event, row, NOT_GOING)
        queue.seats_came_free(event)
        notices.changed(event)
