"""The tasks of an event: hosts add, assign and order them; attendees take them, do them, and drop
them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db import ordering
from ..core.db.base import new_id
from ..core.db.session import POPULATE_EXISTING, one_or_404
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time.time_zones import to_moment
from ..events import access, planning
from ..events.models import Event
from . import helping, notifications
from .models import DOING, DONE, TASK_STATES, TODO, EventTask

MOST = 300
UP, DOWN = ("up", "down")


def with_id(event: Event, task_id: UUID) -> EventTask:
    """Return the event's task with this id. Raises NotFound."""
    return one_or_404(_of(event, task_id), fresh=True)


def add(event: Event, by: User, id: UUID | None = None, who: str = "", **values: Any) -> EventTask:
    """Add a task at the end of “To do”, and notify its person. Raises UserError if there are too
    many or `who` can't do it.
    """
    event = planning.hold_changeable(event)
    if helping.number_of(EventTask, event) >= MOST:
        raise UserError(
            _("You can have up to %(most)s tasks. Remove some that are done.", most=MOST)
        )
    task = EventTask(id=id or new_id(), event_id=event.id, state=TODO, position=0, version=1)
    _write(event, task, values)
    user = helping.find_helper(event, who, by) if who else None
    db.session.add(task)
    helping.put_last(task, TODO)
    _give(event, task, user, by)
    helping.note(event)
    audit.record("task.added", by=by, subject=event)
    notifications.changed(event)
    return task


def change(
    event: Event, task: EventTask, by: User, version: int, who: str = "", **values: Any
) -> None:
    """Change the task and its person; notify the people concerned.
    Raises Conflict if someone else changed it since `version`, to something else.
    """
    event = planning.hold_changeable(event)
    task = _there(event, task.id)
    due_before, user = (
        task.due_at,
        helping.find_helper(event, who, by, task.assignee) if who else None,
    )
    if (
        task.version != version
        and _is_so(event, task, values)
        and (user and user.id) == task.assignee_id
    ):
        return
    if task.version != version:
        raise Conflict(
            _(
                "Someone else has changed this since you opened it. Check it, then make your "
                "change again."
            )
        )
    _write(event, task, values)
    if task.due_at != due_before:
        task.reminded_at = None
    task.version += 1
    _give(event, task, user, by)
    notifications.changed(event)


def remove(event: Event, task: EventTask, by: User) -> None:
    """Delete the task, and notify its person. Raises NotFound if it's gone."""
    event = planning.hold_changeable(event)
    task = with_id(event, task.id)
    if task.assignee is not None and task.state != DONE:
        notifications.unassigned(event, [task.assignee], task.title, by)
    db.session.delete(task)
    helping.note(event)
    audit.record("task.removed", by=by, subject=event)
    notifications.changed(event)


def take(event: Event, task_id: UUID, by: User) -> EventTask:
    """Assign the task to `by`. Raises Conflict if someone else was faster, or it's done."""
    event = helping.hold_event(event, by, to_take=True)
    task = _there(event, task_id)
    if task.assignee_id == by.id:
        return task
    if task.assignee is not None:
        raise Conflict(
            _("%(name)s took “%(task)s” just before you.", name=task.assignee.name, task=task.title)
        )
    if task.state == DONE:
        raise Conflict(_("“%(task)s” is already done.", task=task.title))
    task.assignee, task.reminded_at = by, None
    task.version += 1
    notifications.changed(event)
    return task


def release(event: Event, task_id: UUID, by: User) -> EventTask:
    """Unassign the task of `by`, and notify hosts."""
    event = helping.hold_event(event, by)
    task = _there(event, task_id)
    if task.assignee_id == by.id and task.state != DONE:
        helping.release_task(task)
        notifications.released(event, by, [task.title])
    return task


def move(
    event: Event, task_id: UUID, by: User, seen: str, to: str, before: UUID | None = None
) -> EventTask:
    """Move the task to a state, before another task or to the end; or one place up or down.
    `seen`: the state in which `by` saw it; raises Conflict if someone else has moved it since.
    Hosts can move everything; others can move their own tasks to the end of another state. Raises
    UserError for anything else.
    """
    event = helping.hold_event(event, by)
    task = _there(event, task_id)
    is_host = access.is_host(by, event)
    if not is_host and (task.assignee_id != by.id or to not in TASK_STATES):
        raise UserError(_("You can only move your own tasks. Hosts set the order."))
    if task.state == to != seen and before is None:
        return task  # pressed twice
    if task.state != seen:
        where = {TODO: _("To do"), DOING: _("Doing"), DONE: _("Done")}[task.state]
        raise Conflict(
            _(
                "Someone else has just moved “%(task)s” to “%(where)s”.",
                task=task.title,
                where=where,
            )
        )
    if to in (UP, DOWN):
        (ordering.move_up if to == UP else ordering.move_down)(_column(event, task.state), task)
    elif not is_host or before is None:
        _to_the_end(task, to)
    else:
        _insert(event, task, to, before)
    notifications.changed(event)
    return task


def _to_the_end(task: EventTask, state: str) -> None:
    if task.state != state:
        task.version += 1
    helping.put_last(task, state)


def _insert(event: Event, task: EventTask, state: str, before: UUID) -> None:
    """Insert before that task, or at the end if that one is gone."""
    if before == task.id:
        return
    _to_the_end(task, state)
    others = [one for one in _column(event, state) if one.id != task.id]
    at = next((place for place, one in enumerate(others) if one.id == before), len(others))
    ordering.number([*others[:at], task, *others[at:]])


def _column(event: Event, state: str) -> list[EventTask]:
    db.session.flush()
    rows = (
        sa.select(EventTask)
        .where(EventTask.event_id == event.id, EventTask.state == state)
        .order_by(EventTask.position)
    )
    return list(db.session.scalars(rows, execution_options=POPULATE_EXISTING))


def _of(event: Event, task_id: UUID) -> sa.Select[EventTask]:
    return sa.select(EventTask).where(EventTask.id == task_id, EventTask.event_id == event.id)


def _there(event: Event, task_id: UUID) -> EventTask:
    found = db.session.scalar(_of(event, task_id), execution_options=POPULATE_EXISTING)
    if found is None:
        raise Conflict(_("Someone has removed this task."))
    return found


def _write(event: Event, task: EventTask, values: Mapping[str, Any]) -> None:
    task.title, task.description, task.due_at = _as_entered(event, values)


def _is_so(event: Event, task: EventTask, values: Mapping[str, Any]) -> bool:
    """Whether the task already has these values, as when a form is sent twice."""
    return (task.title, task.description, task.due_at) == _as_entered(event, values)


def _as_entered(event: Event, values: Mapping[str, Any]) -> tuple[str, str, datetime | None]:
    wall = values.get("due")
    return (
        values["title"],
        values.get("description") or "",
        to_moment(wall, event.zone, 0, "due") if wall else None,
    )


def _give(event: Event, task: EventTask, user: User | None, by: User) -> None:
    """Assign the task to that person, or nobody, and notify the old and new person."""
    before = task.assignee
    if (before and before.id) == (user and user.id):
        return
    task.assignee, task.reminded_at = user, None
    if before is not None and task.state != DONE:
        notifications.unassigned(event, [before], task.title, by)
    if user is not None:
        notifications.assigned(event, user, task.title, by)
