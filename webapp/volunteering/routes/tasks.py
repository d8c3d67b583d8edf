"""The hosts' page of tasks."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http.limits import writes_to_a_group
from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import submitted
from ...events import access
from ...events.models import Event
from .. import helping, tasks
from ..forms import TaskForm
from ..models import EventTask
from .volunteering import tasks_page

bp = Blueprint("event_tasks", __name__, url_prefix="/events/<slug>/manage/tasks")


@bp.get("")
@permission("event:edit")
def index(slug: str) -> ResponseReturnValue:
    """Show the task board, and the form for another task."""
    return tasks_page(access.event_to(current_user, "event:edit", slug))


@bp.post("")
@permission("event:edit")
@writes_to_a_group
def create(slug: str) -> ResponseReturnValue:
    """Create a task."""
    event = access.event_to(current_user, "event:edit", slug)
    form = TaskForm(event)
    return submitted(
        form,
        lambda: idempotency.create_once(
            EventTask, actor(), lambda id: tasks.add(event, by=actor(), id=id, **form.values())
        ),
        again=lambda refused: tasks_page(event, form, refused.status),
        to=url_for("event_tasks.index", slug=slug),
        flash=_("It stands on the board."),
    )


@bp.get("/<uuid:task_id>")
@permission("event:edit")
def edit(slug: str, task_id: UUID) -> ResponseReturnValue:
    """Show the form of one task."""
    event = access.event_to(current_user, "event:edit", slug)
    task = tasks.with_id(event, task_id)
    return _one(event, task, TaskForm(event, task))


@bp.post("/<uuid:task_id>")
@permission("event:edit")
@writes_to_a_group
def update(slug: str, task_id: UUID) -> ResponseReturnValue:
    """Change the task."""
    event = access.event_to(current_user, "event:edit", slug)
    task, form = tasks.with_id(event, task_id), TaskForm(event)
    return submitted(
        form,
        lambda: tasks.change(
            event, task_id, by=actor(), version=form.seen_version, **form.values()
        ),
        again=lambda refused: _one(event, task, form, refused.status),
        to=url_for("event_tasks.index", slug=slug),
        flash=_("Changed."),
    )


@bp.get("/<uuid:task_id>/removal")
@permission("event:edit")
def removal(slug: str, task_id: UUID) -> ResponseReturnValue:
    """Ask before the task is deleted."""
    event = access.event_to(current_user, "event:edit", slug)
    return render_page(
        "events/manage/task_removal.html", event=event, thing=tasks.with_id(event, task_id)
    )


@bp.post("/<uuid:task_id>/removal")
@permission("event:edit")
def delete(slug: str, task_id: UUID) -> ResponseReturnValue:
    """Delete the task."""
    event = access.event_to(current_user, "event:edit", slug)
    return submitted(
        None,
        lambda: tasks.remove(event, task_id, by=actor()),
        again=lambda refused: tasks_page(event, status=refused.status, refusal=refused.message),
        to=url_for("event_tasks.index", slug=slug),
        flash=_("It is no longer to be done."),
    )


def _one(event: Event, task: EventTask, form: TaskForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {"task": task, "form": form, "proposed": helping.proposed(event)}
    return render_page("events/manage/task.html", status=status, event=event, **shown)
