"""The hosts' page of tasks."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.limits import writes_to_a_group
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, permission
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
    if not form.validate():
        return tasks_page(event, form, 422)
    try:
        idempotency.create_once(
            EventTask, actor(), lambda id: tasks.add(event, by=actor(), id=id, **form.values())
        )
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        return tasks_page(access.event_for(current_user, slug), form, broken.status)
    flash(_("It stands on the board."), "yes")
    return redirect_303(url_for("event_tasks.index", slug=slug))


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
    if not form.validate():
        return _one(event, task, form, 422)
    try:
        tasks.change(event, task_id, by=actor(), version=form.seen_version, **form.values())
    except UserError as broken:
        db.session.rollback()
        event = access.event_for(current_user, slug)
        form.refuse(broken)
        return _one(event, tasks.with_id(event, task_id), form, broken.status)
    db.session.commit()
    flash(_("Changed."), "yes")
    return redirect_303(url_for("event_tasks.index", slug=slug))


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
    try:
        tasks.remove(event, task_id, by=actor())
    except UserError as broken:
        db.session.rollback()
        return tasks_page(
            access.event_for(current_user, slug), status=broken.status, refusal=broken.message
        )
    db.session.commit()
    flash(_("It is no longer to be done."), "yes")
    return redirect_303(url_for("event_tasks.index", slug=slug))


def _one(event: Event, task: EventTask, form: TaskForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {"task": task, "form": form, "proposed": helping.proposed(event)}
    return render_page("events/manage/task.html", status=status, event=event, **shown)
