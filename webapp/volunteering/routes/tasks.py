"""The hosts' page of tasks."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ...core.http.editable_lists import EditableList
from ...core.http.limits import writes_to_a_group
from ...core.http.pages import render_page
from ...core.http.permissions import permission
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


def _one(event: Event, task: EventTask, form: TaskForm, status: int) -> ResponseReturnValue:
    shown: dict[str, Any] = {"task": task, "form": form, "proposed": helping.proposed(event)}
    return render_page("events/manage/task.html", status=status, event=event, **shown)


EditableList(
    noun="task",
    model=EventTask,
    rules=tasks,
    form=TaskForm,
    limit=writes_to_a_group,
    list_page=tasks_page,
    refused_page=lambda event, refused: tasks_page(
        event, status=refused.status, refusal=refused.message
    ),
    row_page=_one,
    removal_page=lambda event, task: render_page(
        "events/manage/task_removal.html", event=event, thing=task
    ),
    added=_l("Task added."),
    removed=_l("Task deleted."),
).mount(bp, "event:edit", access.event_to)
