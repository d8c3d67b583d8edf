"""Helping at an event: who may, what they hold, and what becomes of it when they cannot any more.
`decisions/0035`.

Everything here that writes is called under the event's lock.
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


def event_to_help(user: Any, slug: str) -> Event:
    """The event with this address, for someone who helps there. Raises NotFound and Forbidden."""
    event = access.event_for(user, slug)
    if not may_help(user, event):
        raise Forbidden()
    return event


def may_help(user: Any, event: Event) -> bool:
    """Whether `user` sees what there is to do and takes some of it: hosts do, and those who are
    going with an account.
    """
    if isinstance(user, Guest) or user.id is None:
        return False
    return access.is_host(user, event) or (
        is_going(user, event) and not access.is_banned(user, event)
    )


def is_going(user: User, event: Event) -> bool:
    """Whether `user` has said that they come, and has a seat."""
    mine = sa.exists().where(
        Rsvp.event_id == event.id, Rsvp.user_id == user.id, Rsvp.state == GOING
    )
    return bool(db.session.scalar(sa.select(mine)))


def hold_event(event: Event, by: User, to_take: bool = False) -> Event:
    """The event under its lock, for someone who still helps there, or who takes something.

    Raises UserError.
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
    """How many tasks, or shifts, the event has."""
    there = sa.select(sa.func.count()).select_from(model).where(model.event_id == event.id)
    return db.session.scalar(there) or 0


def note(event: Event) -> None:
    """The event knows whether there is anything to do."""
    db.session.flush()
    task = sa.exists().where(EventTask.event_id == event.id)
    shift = sa.exists().where(EventShift.event_id == event.id)
    event.has_volunteering = bool(db.session.scalar(sa.select(sa.or_(task, shift))))


def holders(user_id: UUID) -> sa.ColumnElement[bool]:
    """The condition on Event that this person has something to do there, or to come to."""
    tasks = sa.exists().where(
        EventTask.event_id == Event.id, EventTask.assignee_id == user_id, EventTask.state != DONE
    )
    shifts = sa.exists().where(
        EventShift.event_id == Event.id, ShiftClaim.shift_id == EventShift.id
    )
    shifts = shifts.where(ShiftClaim.user_id == user_id, EventShift.ends_at > clock.now())
    return sa.or_(tasks.correlate(Event), shifts.correlate(Event))


def ends(event: Event, user: User | None) -> None:
    """Anyone who neither comes nor runs the event any more has nothing to do there: others can take
    it, and hosts are told.
    """
    if (
        event.has_volunteering
        and user is not None
        and not (user.is_active and may_help(user, event))
    ):
        release_all(event, user)


def release_all(event: Event, user: User) -> None:
    """What `user` has not done yet is nobody's, and their places in shifts are free; hosts are
    told. What is done stays.
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
    """Nobody does the task; begun or not, it is to do."""
    task.assignee = task.reminded_at = None
    task.version += 1
    if task.state == DOING:
        put_last(task, TODO)


def put_last(task: EventTask, state: str) -> None:
    """The task stands behind all others of that state."""
    db.session.flush()
    last = sa.select(sa.func.max(EventTask.position)).where(
        EventTask.event_id == task.event_id, EventTask.state == state
    )
    task.position = (db.session.scalar(last) or 0) + 1
    task.state = state
    task.done_at = clock.now() if state == DONE else None
    db.session.flush()


def release_claim(shift: EventShift, user_id: UUID) -> bool:
    """The place is free; False when they had none."""
    gone = sa.delete(ShiftClaim).where(
        ShiftClaim.shift_id == shift.id, ShiftClaim.user_id == user_id
    )
    if db.session.scalar(gone.returning(ShiftClaim.id)) is None:
        return False
    shift.taken -= 1
    return True


def moved(event: Event, was: tuple[datetime, datetime], zone_before: str, whole: bool) -> None:
    """The event begins at another time: what is due, and the shifts, are as long before or after
    it as they were.
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
    """The copy has the same to do, by nobody yet, as long before or after its start."""
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
    """The event has neither tasks nor shifts."""
    event.has_volunteering = False
    for model in (EventTask, EventShift):
        db.session.execute(sa.delete(model).where(_of(model, event)))


def erase(user: User) -> None:
    """What was done was done by nobody; places that they had in shifts count no more."""
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
    """What gives the same distance from the start by the clocks on the wall, where a skipped
    hour gives way.
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


#: So many are proposed where someone is named; the others are found by handle or name all the
#: same.
PROPOSED = 100


def find_helper(event: Event, words: str, by: User, now: User | None = None) -> User:
    """The person with this handle or name, who comes or runs the event; `now` has it already.

    Raises UserError at `who`.
    """
    user = find_person(event, words)
    if now is not None and user.id == now.id:
        return user
    if not user.is_active or not may_help(user, event) or blocks.has_blocked(user, by=by):
        raise UserError(_("Choose a host, or an attendee with an account."), "who")
    return user


def suggestions(event: Event) -> list[tuple[str, str]]:
    """Handles and names of the hosts and of those who are going, by name."""
    going: Any = sa.select(Rsvp.user_id).where(Rsvp.event_id == event.id, Rsvp.state == GOING)
    query = sa.select(User.handle, User.first_name, User.last_name).where(
        User.deactivated_at.is_(None)
    )
    hosts: Sequence[Any] = [host.id for host in hosts_of(event)]
    query = query.where(sa.or_(User.id.in_(going), User.id.in_(hosts))).order_by(
        User.first_name, User.last_name, User.id
    )
    return [
        (f"@{row.handle}", f"{row.first_name} {row.last_name}")
        for row in db.session.execute(query.limit(PROPOSED))
    ]
