"""Queries about tasks and shifts: the board, the shifts, and the reader's own part. Each is one
statement.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.time import clock
from ..events.models import Event
from ..groups.reads import belongs_together
from .models import DONE, TASK_STATES, EventShift, EventTask, ShiftClaim


class Helper(NamedTuple):
    """Someone with a task or shift, as the macros for people need them."""

    id: UUID
    name: str
    handle: str | None
    picture: UUID | None
    profile_visibility: str | None
    together: bool


class TaskCard(NamedTuple):
    """A task on the board. `is_late`: it's due and isn't done."""

    id: UUID
    title: str
    state: str
    due_at: datetime | None
    is_late: bool
    who: Helper | None


class ShiftRow(NamedTuple):
    """A shift with the people who have a place in it."""

    id: UUID
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    people: list[Helper]
    is_over: bool

    @property
    def free(self) -> int:
        """The number of free places."""
        return self.capacity - self.taken

    def is_claimed_by(self, user_id: UUID | None) -> bool:
        """Whether this person has a place in it."""
        return any(one.id == user_id for one in self.people)


class Mine(NamedTuple):
    """The reader's own task (with its state) or shift, and when it's due or begins."""

    id: UUID
    title: str
    state: str
    due_at: datetime | None
    ends_at: datetime | None


class Glance(NamedTuple):
    """What the event page shows: the reader's own part, and how much is available."""

    mine: list[Mine]
    tasks: int
    places: int


_WHO = (
    User.id.label("who"),
    User.name.label("name"),
    User.handle,
    User.picture,
    User.profile_visibility,
)


def board_of(event: Event, reader: Any) -> Mapping[str, list[TaskCard]]:
    """Return the tasks by state, in order."""
    columns = (EventTask.id, EventTask.title, EventTask.state, EventTask.due_at)
    rows = sa.select(*columns, *_WHO, belongs_together(reader.id, User.id).label("together"))
    rows = rows.outerjoin(User, User.id == EventTask.assignee_id).where(
        EventTask.event_id == event.id
    )
    now, found = clock.now(), {state: list[TaskCard]() for state in TASK_STATES}
    for row in db.session.execute(rows.order_by(EventTask.state, EventTask.position)):
        is_late = row.due_at is not None and row.due_at < now and row.state != DONE
        found[row.state].append(
            TaskCard(row.id, row.title, row.state, row.due_at, is_late, _helper(row))
        )
    return found


def shifts_of(event: Event, reader: Any, only: UUID | None = None) -> list[ShiftRow]:
    """Return the shifts by time, with their people in the order in which they signed up; `only` one
    shift, if given.
    """
    columns: Any = (
        EventShift.id,
        EventShift.title,
        EventShift.description,
        EventShift.starts_at,
        EventShift.ends_at,
    )
    rows: Any = sa.select(*columns, EventShift.capacity, EventShift.taken, *_WHO)
    rows = rows.add_columns(belongs_together(reader.id, User.id).label("together"))
    rows = rows.outerjoin(ShiftClaim, ShiftClaim.shift_id == EventShift.id).outerjoin(
        User, User.id == ShiftClaim.user_id
    )
    rows = rows.where(
        EventShift.event_id == event.id, EventShift.id == only if only is not None else sa.true()
    )
    rows = rows.order_by(EventShift.starts_at, EventShift.id, ShiftClaim.created_at, ShiftClaim.id)
    now, found = clock.now(), dict[UUID, ShiftRow]()
    for row in db.session.execute(rows):
        hours = (row.starts_at, row.ends_at)
        shift = ShiftRow(
            row.id,
            row.title,
            row.description,
            *hours,
            row.capacity,
            row.taken,
            [],
            row.ends_at <= now,
        )
        shift = found.setdefault(row.id, shift)
        if (who := _helper(row)) is not None:
            shift.people.append(who)
    return list(found.values())


def glance(event: Event, user: Any) -> Glance:
    """Return the reader's unfinished tasks and shifts at this event, and what is available."""
    rows = db.session.execute(
        sa.union_all(_my_tasks(event, user), _my_shifts(event, user), *_counts(event))
    ).all()
    counts = {row.kind: row.number or 0 for row in rows if row.kind in ("tasks", "places")}
    mine = [
        Mine(row.id, row.title, row.state, row.due_at, row.ends_at)
        for row in rows
        if row.kind == "mine"
    ]
    last = datetime.max.replace(tzinfo=clock.now().tzinfo)
    return Glance(
        sorted(mine, key=lambda one: one.due_at or last), counts["tasks"], counts["places"]
    )


def unfinished_tasks(event: Event, _user: Any) -> sa.ScalarSelect[int] | int:
    """Count the unfinished tasks. A subquery."""
    here = (EventTask.event_id == event.id, EventTask.state != DONE)
    counted = sa.select(sa.func.count(EventTask.id)).where(*here)
    return event.has_volunteering and counted.scalar_subquery()


def missing_volunteers(event: Event, _user: Any) -> sa.ScalarSelect[int] | int:
    """Count the free places in shifts. A subquery."""
    return event.has_volunteering and free_places(event)


def free_places(event: Event) -> sa.ScalarSelect[int]:
    """Count the free places in shifts that haven't ended. A subquery."""
    free = sa.func.coalesce(sa.func.sum(EventShift.capacity - EventShift.taken), 0)
    here = (EventShift.event_id == event.id, EventShift.ends_at > clock.now())
    open_ones = sa.select(sa.cast(free, sa.Integer)).where(*here)
    return open_ones.where(EventShift.taken < EventShift.capacity).scalar_subquery()


def own_help(user: Any, now: Any) -> tuple[sa.ColumnElement[Any], ...]:
    """Return columns for a statement of Event: how many unfinished tasks and shifts the person has
    there, and when the first is due.
    """
    tasks = (
        EventTask.event_id == Event.id,
        EventTask.assignee_id == user.id,
        EventTask.state != DONE,
    )
    place = (
        EventShift.event_id == Event.id,
        ShiftClaim.shift_id == EventShift.id,
        ShiftClaim.user_id == user.id,
    )
    of_tasks: Any = (sa.func.count(EventTask.id), sa.func.min(EventTask.due_at))
    of_shifts: Any = (sa.func.count(ShiftClaim.id), sa.func.min(EventShift.starts_at))
    number, due = (
        sa.select(what).where(*tasks).correlate(Event).scalar_subquery() for what in of_tasks
    )
    places, begins = (
        sa.select(what).where(*place, EventShift.ends_at > now).correlate(Event).scalar_subquery()
        for what in of_shifts
    )
    first = sa.case((sa.or_(due.is_(None), begins < due), begins), else_=due)
    return sa.case((Event.has_volunteering, number + places), else_=0).label("to_do"), sa.case(
        (Event.has_volunteering, first)
    ).label("to_do_at")


def _my_tasks(event: Event, user: Any) -> sa.Select[Any]:
    mine = _part(
        "mine",
        id=EventTask.id,
        title=EventTask.title,
        state=EventTask.state,
        due_at=EventTask.due_at,
    )
    return mine.where(
        EventTask.event_id == event.id, EventTask.assignee_id == user.id, EventTask.state != DONE
    )


def _my_shifts(event: Event, user: Any) -> sa.Select[Any]:
    named = {"id": EventShift.id, "title": EventShift.title, "state": sa.literal("shift")}
    mine = _part("mine", **named, due_at=EventShift.starts_at, ends_at=EventShift.ends_at)
    mine = mine.join(ShiftClaim, ShiftClaim.shift_id == EventShift.id)
    return mine.where(
        EventShift.event_id == event.id,
        ShiftClaim.user_id == user.id,
        EventShift.ends_at > clock.now(),
    )


def _counts(event: Event) -> tuple[sa.Select[Any], ...]:
    here = (
        EventTask.event_id == event.id,
        EventTask.state != DONE,
        EventTask.assignee_id.is_(None),
    )
    tasks = sa.select(sa.func.count()).select_from(EventTask).where(*here).scalar_subquery()
    return _part("tasks", number=tasks), _part("places", number=free_places(event))


def _part(kind: str, **known: Any) -> sa.Select[Any]:
    """Rows of one kind, with the columns of all kinds."""
    columns: dict[str, Any] = {
        "id": EventTask.id,
        "title": EventTask.title,
        "state": EventTask.state,
    }
    columns |= {
        "due_at": EventTask.due_at,
        "ends_at": EventShift.ends_at,
        "number": EventShift.taken,
    }
    named = [
        known.get(name, sa.cast(sa.null(), column.type)).label(name)
        for name, column in columns.items()
    ]
    return sa.select(sa.literal(kind).label("kind"), *named)


def _helper(row: Any) -> Helper | None:
    if row.who is None:
        return None
    return Helper(
        row.who,
        row.name,
        row.handle,
        row.picture,
        row.profile_visibility,
        bool(row.together),
    )
