"""Helping at an event: who may help, what they have taken on, and what happens when they can't help
any more. `decisions/0035`.

The caller of everything here that writes must hold the event's lock.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from ..accounts import blocks
from ..accounts.models import User
from ..attendance.rsvps_by_host import find_person
from ..core.db.session import POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.time import clock, time_zones
from ..events import access
from ..events.audience import hosts_of
from ..events.models import GOING, Event, Guest, Rsvp
from ..groups.access import forget_roles
from . import notifications
from .models import DOING, DONE, TODO, EventShift, EventTask, ShiftClaim


def event_to_help(user: Any, _action: str, slug: str) -> Event:
    """Return the event with this slug, for someone who may help. Raises NotFound and Forbidden."""
    event = access.event_for(user, slug)
    if not may_help(user, event):
        raise Forbidden()
    return event


def may_help(user: Any, event: Event) -> bool:
    """Whether `user` may see and take tasks and shifts: hosts, and attendees with an account."""
    if isinstance(user, Guest) or user.id is None:
        return False
    if access.can(user, "event:help", event):
        return True
    helps = access.ATTENDEE in access.ACTIONS["event:help"] and is_going(user, event)
    return helps and not access.is_banned(user, event)


def is_going(user: User, event: Event) -> bool:
    """Whether `user` answered “Going” and has a seat."""
    mine = sa.exists().where(
        Rsvp.event_id == event.id, Rsvp.user_id == user.id, Rsvp.state == GOING
    )
    return bool(db.session.scalar(sa.select(mine)))


def hold_event(event: Event, by: User, to_take: bool = False) -> Event:
    """Lock the event for someone who still helps there; `to_take` if they take something on.
    Raises Conflict if they may not help any more, and UserError if the event is locked or
    cancelled.
    """
    event = locked(Event, event.id)
    forget_roles()
    if event.deleted_at is not None or not may_help(by, event):
        raise Conflict(_("You can’t help at this event any more."))
    if event.locked_at is not None:
        raise UserError(_("This event is locked and can’t be changed."))
    if to_take and event.is_cancelled:
        raise UserError(_("This event was cancelled."))
    return event


def number_of(model: type[EventTask | EventShift], event: Event) -> int:
    """Return how many tasks, or shifts, the event has."""
    there = sa.select(sa.func.count()).select_from(model).where(model.event_id == event.id)
    return db.session.scalar(there) or 0


def note(event: Event) -> None:
    """Update the event's flag for having tasks or shifts."""
    db.session.flush()
    task = sa.exists().where(EventTask.event_id == event.id)
    shift = sa.exists().where(EventShift.event_id == event.id)
    event.has_volunteering = bool(db.session.scalar(sa.select(sa.or_(task, shift))))


def holders(user_id: UUID) -> sa.ColumnElement[bool]:
    """Return the condition on Event that this person has unfinished tasks or shifts there."""
    tasks = sa.exists().where(
        EventTask.event_id == Event.id, EventTask.assignee_id == user_id, EventTask.state != DONE
    )
    shifts = sa.exists().where(
        EventShift.event_id == Event.id, ShiftClaim.shift_id == EventShift.id
    )
    shifts = shifts.where(ShiftClaim.user_id == user_id, EventShift.ends_at > clock.now())
    return sa.or_(tasks.correlate(Event), shifts.correlate(Event))


def ends(event: Event, user: User | None) -> None:
    """Release the tasks and shifts of someone who isn't going and isn't a host any more; notify
    hosts.
    """
    if (
        event.has_volunteering
        and user is not None
        and not (user.is_active and may_help(user, event))
    ):
        release_all(event, user)


def release_all(event: Event, user: User) -> None:
    """Unassign the user's unfinished tasks, free their places in shifts, and notify hosts. Finished
    tasks stay.
    """
    mine = sa.select(EventTask).where(
        EventTask.event_id == event.id, EventTask.assignee_id == user.id, EventTask.state != DONE
    )
    tasks = db.session.scalars(
        mine.order_by(EventTask.state, EventTask.position), execution_options=POPULATE_EXISTING
    ).all()
    for task in tasks:
        release_task(task)
    claimed = sa.select(EventShift).join(ShiftClaim, ShiftClaim.shift_id == EventShift.id)
    claimed = claimed.where(
        EventShift.event_id == event.id,
        ShiftClaim.user_id == user.id,
        EventShift.ends_at > clock.now(),
    )
    shifts = db.session.scalars(
        claimed.order_by(EventShift.starts_at, EventShift.id), execution_options=POPULATE_EXISTING
    ).all()
    for shift in shifts:
        release_claim(shift, user.id)
    if tasks or shifts:
        notifications.released(
            event, user, [*(it.title for it in tasks), *(it.title for it in shifts)]
        )


def release_task(task: EventTask) -> None:
    """Unassign the task; if it was begun it's “To do” again."""
    task.assignee = task.reminded_at = None
    task.version += 1
    if task.state == DOING:
        put_last(task, TODO)


def put_last(task: EventTask, state: str) -> None:
    """Move the task to the end of that state's column."""
    db.session.flush()
    last = sa.select(sa.func.max(EventTask.position)).where(
        EventTask.event_id == task.event_id, EventTask.state == state
    )
    task.position = (db.session.scalar(last) or 0) + 1
    task.state = state
    task.done_at = clock.now() if state == DONE else None
    db.session.flush()


def release_claim(shift: EventShift, user_id: UUID) -> bool:
    """Free the place; return False if they had none."""
    gone = sa.delete(ShiftClaim).where(
        ShiftClaim.shift_id == shift.id, ShiftClaim.user_id == user_id
    )
    if db.session.scalar(gone.returning(ShiftClaim.id)) is None:
        return False
    shift.taken -= 1
    return True


def moved(event: Event, was: tuple[datetime, datetime], zone_before: str, whole: bool) -> None:
    """Move due dates and shifts with the event, keeping their wall-clock distance from its
    start.
    """
    wall_before = was[0]
    if event.has_volunteering and (event.starts_wall, event.zone) != (wall_before, zone_before):
        later = _mover(wall_before, zone_before, event)
        for task in _all(EventTask, event):
            task.due_at, task.reminded_at = later(task.due_at), None
        for shift in _all(EventShift, event):
            _move(shift, shift, later)
        again = sa.update(ShiftClaim).where(
            ShiftClaim.shift_id.in_(sa.select(EventShift.id).where(_of(EventShift, event)))
        )
        db.session.execute(
            again.values(reminded_at=None), execution_options={"synchronize_session": False}
        )
        notifications.changed(event)


def copy_to(event: Event, copy: Event) -> None:
    """Copy tasks and shifts, unassigned, with the same distance from the start."""
    later = _mover(event.starts_wall, event.zone, copy)
    for place, task in enumerate(_all(EventTask, event), 1):
        kept = {"title": task.title, "description": task.description, "due_at": later(task.due_at)}
        db.session.add(EventTask(event_id=copy.id, position=place, **kept))
    for shift in _all(EventShift, event):
        like = EventShift(
            event_id=copy.id,
            title=shift.title,
            description=shift.description,
            capacity=shift.capacity,
        )
        _move(like, shift, later)
        db.session.add(like)
    copy.has_volunteering = event.has_volunteering


def empty(event: Event) -> None:
    """Delete the event's tasks and shifts."""
    event.has_volunteering = False
    for model in (EventTask, EventShift):
        db.session.execute(sa.delete(model).where(_of(model, event)))


def erase(user: User) -> None:
    """Unassign the person's tasks, and delete their places in shifts."""
    db.session.execute(
        sa.update(EventTask).where(EventTask.assignee_id == user.id).values(assignee_id=None)
    )
    claimed = sa.select(ShiftClaim.shift_id).where(ShiftClaim.user_id == user.id)
    db.session.execute(
        sa.update(EventShift).where(EventShift.id.in_(claimed)).values(taken=EventShift.taken - 1)
    )
    db.session.execute(sa.delete(ShiftClaim).where(ShiftClaim.user_id == user.id))


def _mover(
    wall_before: datetime, zone_before: str, event: Event
) -> Callable[[datetime | None], datetime | None]:
    """Return a function that keeps a moment's wall-clock distance from the start. If clocks skip
    the hour, it gives the next existing time.
    """

    def later(moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        wall = time_zones.wall(moment, zone_before) + (event.starts_wall - wall_before)
        return time_zones.to_utc(time_zones.existing(wall, event.zone), event.zone, 0)

    return later


def _move(
    shift: EventShift, before: EventShift, later: Callable[[datetime | None], datetime | None]
) -> None:
    lasts, starts = before.ends_at - before.starts_at, later(before.starts_at)
    assert starts is not None
    shift.starts_at, shift.ends_at = starts, starts + lasts


def _all(model: Any, event: Event) -> list[Any]:
    rows = sa.select(model).where(_of(model, event)).order_by(model.id)
    return list(db.session.scalars(rows, execution_options=POPULATE_EXISTING))


def _of(model: Any, event: Event) -> sa.ColumnElement[bool]:
    return model.event_id == event.id


#: How many people are suggested; others can still be found by handle or name.
PROPOSED = 100


def find_helper(event: Event, words: str, by: User, now: User | None = None) -> User:
    """Return the host or attendee with this handle or name; `now` is already assigned.
    Raises UserError at `who`.
    """
    user = find_person(event, words)
    if now is not None and user.id == now.id:
        return user
    if not user.is_active or not may_help(user, event) or blocks.has_blocked(user, by=by):
        raise UserError(_("Choose a host, or an attendee with an account."), "who")
    return user


def suggestions(event: Event) -> list[tuple[str, str]]:
    """Return handles and names of hosts and attendees, by name."""
    going: Any = sa.select(Rsvp.user_id).where(Rsvp.event_id == event.id, Rsvp.state == GOING)
    query = sa.select(User.handle, User.name.label("name")).where(User.deactivated_at.is_(None))
    hosts: Sequence[Any] = [host.id for host in hosts_of(event)]
    query = query.where(sa.or_(User.id.in_(going), User.id.in_(hosts))).order_by(
        User.search_text, User.id
    )
    return [(f"@{row.handle}", row.name) for row in db.session.execute(query.limit(PROPOSED))]
