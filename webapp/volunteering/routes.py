"""The routes of tasks and shifts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from flask_login import current_user

from ..core.http.editable_lists import EditableList
from ..core.http.errors import UserError
from ..core.http.limits import writes_to_a_group
from ..core.http.pages import render_page
from ..core.http.permissions import actor, opens
from ..core.http.submit import submitted
from ..events import access
from ..events.models import Event
from . import helping, reads, shifts, tasks
from .forms import MANAGED, ActForm, GiveForm, ShiftForm, TaskForm, TaskMoveForm
from .models import EventShift, EventTask

bp = Blueprint("volunteering", __name__, url_prefix="/events/<slug>/help")

BOARD = {"board": "volunteering/_board.html"}
SHIFTS = {"shifts": "volunteering/_shifts.html"}


@bp.get("")
@opens(helping.event_to_help, "event:help")
def show(event: Event) -> ResponseReturnValue:
    """List the tasks and shifts, and which are the reader's."""
    return _help(event)


@bp.get("/tasks/<uuid:task_id>")
@opens(helping.event_to_help, "event:help", tasks.with_id)
def task(event: Event, task: EventTask) -> ResponseReturnValue:
    """Show one task."""
    return render_page(
        "volunteering/task.html",
        event=event,
        task=task,
        is_host=_is_host(event),
    )


@bp.post("/moves")
@opens(helping.event_to_help, "event:help")
def move(event: Event) -> ResponseReturnValue:
    """Move a task on the board."""
    form = TaskMoveForm()
    said = {"todo": _("To do"), "doing": _("Doing"), "done": _("Done")}

    def act() -> str:
        moved = tasks.move(event, by=actor(), **form.values())
        return _("“%(task)s” moved to “%(where)s”.", task=moved.title, where=said[moved.state])

    return _done(event, form, "tasks", act)


@bp.post("/claims")
@opens(helping.event_to_help, "event:help")
def take(event: Event) -> ResponseReturnValue:
    """Take this task."""
    form = ActForm()

    def act() -> str:
        return _(
            "You’re doing “%(task)s”.", task=tasks.take(event, form.thing_id, by=actor()).title
        )

    return _done(event, form, "tasks", act)


@bp.post("/releases")
@opens(helping.event_to_help, "event:help")
def release(event: Event) -> ResponseReturnValue:
    """Give this task back."""
    form = ActForm()

    def act() -> str:
        return _(
            "Anyone can take “%(task)s” now.",
            task=tasks.release(event, form.thing_id, by=actor()).title,
        )

    return _done(event, form, "tasks", act)


@bp.post("/shifts/claims")
@opens(helping.event_to_help, "event:help")
def claim(event: Event) -> ResponseReturnValue:
    """Take a place in this shift."""
    form = ActForm()

    def act() -> str:
        return _(
            "You’re signed up for “%(shift)s”.",
            shift=shifts.claim(event, form.thing_id, by=actor()).title,
        )

    return _done(event, form, "shifts", act)


@bp.post("/shifts/releases")
@opens(helping.event_to_help, "event:help")
def give_back(event: Event) -> ResponseReturnValue:
    """Give back the place in this shift."""
    form = ActForm()

    def act() -> str:
        return _(
            "You’re no longer signed up for “%(shift)s”.",
            shift=shifts.release(event, form.thing_id, by=actor()).title,
        )

    return _done(event, form, "shifts", act)


def _done(event: Event, form: Any, what: str, act: Callable[[], str]) -> ResponseReturnValue:
    """Run a button's action and return to its page, or show that page with the error."""
    is_managed = form.at.data == MANAGED and _is_host(event)

    def again(refused: UserError, event: Event) -> ResponseReturnValue:
        if not is_managed:
            return _help(event, refused.status, {what: refused.message})
        page = tasks_page if what == "tasks" else shifts_page
        return page(event, status=refused.status, refusal=refused.message)

    url = url_for(f"event_{what}.index" if is_managed else "volunteering.show", slug=event.slug)
    return submitted(form, act, again, to=url, flash=str)


def _help(
    event: Event, status: int = 200, refusals: dict[str, str] | None = None
) -> ResponseReturnValue:
    shown = {
        "board": reads.board_of(event, actor()),
        "shifts": reads.shifts_of(event, actor()),
        "is_host": _is_host(event),
    }
    return render_page(
        "volunteering/help.html",
        BOARD | SHIFTS,
        status,
        event=event,
        refusals=refusals or {},
        at="help",
        **shown,
    )


def tasks_page(
    event: Event, form: TaskForm | None = None, status: int = 200, refusal: str = ""
) -> ResponseReturnValue:
    """Render the hosts' board, with the form for a new task."""
    shown: dict[str, Any] = {
        "board": reads.board_of(event, actor()),
        "refusals": {"tasks": refusal},
        "at": MANAGED,
    }
    shown |= {
        "form": form or TaskForm(event, formdata=None),
        "proposed": helping.suggestions(event),
        "most": tasks.MOST,
    }
    return render_page(
        "volunteering/manage/tasks.html", BOARD, status, event=event, is_host=True, **shown
    )


def shifts_page(
    event: Event, form: ShiftForm | None = None, status: int = 200, refusal: str = ""
) -> ResponseReturnValue:
    """Render the hosts' list of shifts, with the form for a new shift."""
    shown: dict[str, Any] = {
        "shifts": reads.shifts_of(event, actor()),
        "refusals": {"shifts": refusal},
        "at": MANAGED,
    }
    shown |= {"form": form or ShiftForm(event, formdata=None), "most": shifts.MOST}
    return render_page(
        "volunteering/manage/shifts.html", SHIFTS, status, event=event, is_host=True, **shown
    )


def _is_host(event: Event) -> bool:
    return access.is_host(current_user, event)


tasks_bp = Blueprint("event_tasks", __name__, url_prefix="/events/<slug>/manage/tasks")


def _task_page(event: Event, task: EventTask, form: TaskForm, status: int) -> ResponseReturnValue:
    shown: dict[str, Any] = {"task": task, "form": form, "proposed": helping.suggestions(event)}
    return render_page("volunteering/manage/task.html", status=status, event=event, **shown)


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
    row_page=_task_page,
    removal_page=lambda event, task: render_page(
        "volunteering/manage/task_removal.html", event=event, thing=task
    ),
    added=_l("Task added."),
    removed=_l("Task deleted."),
).mount(tasks_bp, "event:edit", access.event_to)


shifts_bp = Blueprint("event_shifts", __name__, url_prefix="/events/<slug>/manage/shifts")


@shifts_bp.post("/<uuid:shift_id>/people")
@opens(access.event_to, "event:edit", shifts.with_id)
@writes_to_a_group
def give(event: Event, shift: EventShift) -> ResponseReturnValue:
    """Assign a place in the shift to someone."""
    form = GiveForm()
    return submitted(
        form,
        lambda: shifts.assign(event, shift.id, form.who.data or "", by=actor()),
        again=lambda refused, event, shift: _shift_page(
            event, shift, ShiftForm(event, shift, formdata=None), refused.status, form
        ),
        to=url_for("event_shifts.edit", slug=event.slug, shift_id=shift.id),
        flash=lambda user: _("%(name)s was added to the shift.", name=user.name),
    )


@shifts_bp.post("/<uuid:shift_id>/people/<uuid:user_id>/removal")
@opens(access.event_to, "event:edit", shifts.with_id)
def take_away(event: Event, shift: EventShift, user_id: UUID) -> ResponseReturnValue:
    """Remove someone from the shift."""
    return submitted(
        None,
        lambda: shifts.unassign(event, shift.id, user_id, by=actor()),
        again=lambda refused, event, _row: _refused(event, refused),
        to=url_for("event_shifts.edit", slug=event.slug, shift_id=shift.id),
        flash=_("Removed from the shift. We’ll tell them."),
    )


def _shift_page(
    event: Event,
    shift: EventShift,
    form: ShiftForm,
    status: int,
    give_form: GiveForm | None = None,
) -> ResponseReturnValue:
    listed = next(iter(reads.shifts_of(event, actor(), only=shift.id)), None)
    if listed is None:
        abort(404)
    shown: dict[str, Any] = {"shift": listed, "form": form, "proposed": helping.suggestions(event)}
    return render_page(
        "volunteering/manage/shift.html",
        status=status,
        event=event,
        give=give_form or GiveForm(formdata=None),
        **shown,
    )


def _refused(event: Event, refused: UserError) -> ResponseReturnValue:
    return shifts_page(event, status=refused.status, refusal=refused.message)


EditableList(
    noun="shift",
    model=EventShift,
    rules=shifts,
    form=ShiftForm,
    limit=writes_to_a_group,
    list_page=shifts_page,
    refused_page=_refused,
    row_page=_shift_page,
    removal_page=lambda event, shift: render_page(
        "volunteering/manage/shift_removal.html", event=event, thing=shift
    ),
    added=_l("Shift added. Attendees can sign up for it now."),
    removed=_l("Shift cancelled."),
).mount(shifts_bp, "event:edit", access.event_to)


BLUEPRINTS: list[Blueprint] = [
    tasks_bp,
    shifts_bp,
    bp,
]
