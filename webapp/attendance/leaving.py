"""Remove people from seats and waiting lists when they leave a group or the site.

Also remove outsiders when an event or its group closes to them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core import hooks
from ..core.db.session import POPULATE_EXISTING
from ..core.extensions import db
from ..core.time import clock
from ..events import notices
from ..events.audience import SAID_NO, is_outsider
from ..events.calendar import subscriptions
from ..events.event_input import renew_search_text
from ..events.models import GROUP, NOT_GOING, Event, EventHost, Rsvp, with_who
from ..events.planning import locked_in_order
from ..groups import reads as group_reads
from ..groups.models import OPEN, Group
from ..notifications import inbox
from ..notifications.models import Notification
from . import waitlist

#: Conditions on Event, given a user id: that they hold something there besides a seat at the event.
#: By feature.
HOLDINGS: dict[str, Callable[[UUID], sa.ColumnElement[bool]]] = {}


def subscribe() -> None:
    """Subscribe to the hooks that end answers with a membership or an account."""
    hooks.member_left.subscribe(left_group)
    hooks.group_edited.subscribe(edited)
    hooks.group_restored.subscribe(restored)
    hooks.user_deactivated.subscribe(left_site)
    hooks.event_closed.subscribe(remove_outsiders)


def left_group(group: Group, user: User, **_what: Any) -> None:
    """End the answers of `user` at members-only events of the group, or at all of them after a ban.

    Others move up, and calendar links of `user` stop showing the group's events.
    """
    subscriptions.left_group(group, user)
    concerned = sa.or_(
        Event.starts_at > clock.now(), *(holds(user.id) for holds in HOLDINGS.values())
    )
    here = locked_in_order(Event.group_id == group.id, concerned)
    events = [event for event in here if event.starts_at > clock.now()]
    if not group_reads.is_banned(group, user):
        hosted = set(
            db.session.scalars(sa.select(EventHost.event_id).where(EventHost.user_id == user.id))
        )
        events = [event for event in events if _is_inside(event, group) and event.id not in hosted]
    inbox.stop_emails(user.id, Notification.url.in_([event.path for event in events]))
    _withdraw(events, Rsvp.user_id == user.id)
    _let_go(here, user)


def left_site(user: User) -> None:
    """End all future answers and tasks of `user`; their seats go to the waiting list."""
    answered = sa.select(Rsvp.event_id).where(Rsvp.user_id == user.id, Rsvp.state.not_in(SAID_NO))
    to_come = sa.and_(Event.id.in_(answered), Event.starts_at > clock.now())
    here = locked_in_order(sa.or_(to_come, *(holds(user.id) for holds in HOLDINGS.values())))
    _withdraw([event for event in here if event.starts_at > clock.now()], Rsvp.user_id == user.id)
    _let_go(here, user)


def _let_go(events: Sequence[Event], user: User) -> None:
    """Free the tasks of `user`, and their seats in future sessions of events that have begun."""
    for event in events:
        hooks.event_left(event=event, user=user)
    begun = [event.id for event in events if event.starts_at <= clock.now()]
    for row in db.session.scalars(
        sa.select(Rsvp).where(Rsvp.event_id.in_(begun), Rsvp.user_id == user.id)
    ).all():
        hooks.answer_shrank(answer=row)


def edited(group: Group, name_before: str, visibility_before: str) -> None:
    """Update the search text of the group's events after a new name, and remove outsiders after
    closing.
    """
    if group.name != name_before:
        for event in locked_in_order(Event.group_id == group.id):
            renew_search_text(event)
    if visibility_before == OPEN != group.visibility:
        for event in hold_events(Event.group_id == group.id):
            remove_outsiders(event)


def restored(group: Group) -> None:
    """Give seats that became free while the group was deleted, and nothing moved, to the waiting
    list.
    """
    for event in hold_events(Event.group_id == group.id):
        hooks.event_reopened(event=event, new_seats=False)
        notices.signal_answers(event)


def remove_outsiders(event: Event) -> None:
    """Remove everyone outside the group from the event and notify them; others move up.

    The caller holds the event's lock.
    """
    rows = _withdraw([event], is_outsider())
    if event.is_published and event.deleted_at is None:
        for row in rows:
            notices.released(row)


def hold_events(which: sa.ColumnElement[bool]) -> Sequence[Event]:
    """Lock those of the events that haven't begun."""
    return locked_in_order(which, Event.starts_at > clock.now())


def _is_inside(event: Event, group: Group) -> bool:
    return group.visibility != OPEN or event.audience == GROUP


def _withdraw(events: Iterable[Event], whose: sa.ColumnElement[bool]) -> Sequence[Rsvp]:
    """Withdraw answers at events that the caller has locked, and return them.

    A declined request stays declined, even if the person joins again.
    """
    by_id = {event.id: event for event in events}
    query = sa.select(Rsvp).join(Event, Event.id == Rsvp.event_id).options(*with_who())
    query = query.where(Rsvp.event_id.in_(by_id), Rsvp.state.not_in(SAID_NO), whose).order_by(
        Rsvp.event_id, Rsvp.id
    )
    rows = db.session.scalars(query, execution_options=POPULATE_EXISTING).all()
    for row in rows:
        waitlist.release(row, NOT_GOING)
    for event in {row.event_id: by_id[row.event_id] for row in rows}.values():
        waitlist.seats_came_free(event)
        notices.signal_answers(event)
    return rows
