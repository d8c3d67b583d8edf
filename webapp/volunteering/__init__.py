"""Tasks and shifts of an event: what needs doing, and who does it."""

from flask import Flask
from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..attendance import leaving
from ..core import hooks
from ..core.i18n import soon
from ..core.ui.cached_macro import cached_macro
from ..core.ui.navigation import AreaPage
from ..core.ui.to_do import TodoRule
from ..events import management
from . import (
    exporting,
    helping,
    models as models,
    notifications as notifications,
    reads,
    task_reminders as task_reminders,
)


def register(app: Flask) -> None:
    """Register pages, jobs, hooks and template globals of volunteering."""
    from .routes import BLUEPRINTS

    app.jinja_env.globals["task_card"] = cached_macro(app, "volunteering/_card.html", "card", 1000)
    _manage()
    _needs()
    leaving.HOLDINGS["volunteering"] = helping.holders
    hooks.event_copied.subscribe(helping.copy_to)
    hooks.event_moved.subscribe(helping.moved)
    hooks.event_left.subscribe(helping.ends)
    hooks.event_emptied.subscribe(helping.empty)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(helping.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _manage() -> None:
    """Add tasks and shifts to the hosts' manage area."""
    has_tasks, has_shifts = map(management.has, (models.EventTask, models.EventShift))
    management.AREA.add(
        AreaPage(
            "tasks",
            "event_tasks.index",
            _l("Tasks"),
            "list",
            "programme",
            is_in_use=lambda event, user: event.has_volunteering and has_tasks(event, user),
            hint=_l("Who does what"),
        ),
        AreaPage(
            "shifts",
            "event_shifts.index",
            _l("Shifts"),
            "clock",
            "programme",
            is_in_use=lambda event, user: event.has_volunteering and has_shifts(event, user),
            hint=_l("Find volunteers"),
        ),
    )


def _needs() -> None:
    """List free shifts and open tasks in the manage area's overview."""
    management.AREA.add_tasks(
        TodoRule(
            "shifts",
            lambda number: ngettext("Volunteer needed", "Volunteers needed", number),
            reads.missing_volunteers,
            "event_shifts.index",
            _l("See shifts"),
            moments=models.EventShift.starts_at,
            says=lambda moment, event, _user: _("Next: %(when)s", when=soon(moment, event.zone)),
        ),
        TodoRule(
            "tasks",
            lambda number: ngettext("Open task", "Open tasks", number),
            reads.unfinished_tasks,
            "event_tasks.index",
            _l("See tasks"),
            moments=models.EventTask.due_at,
            says=lambda moment, event, _user: _("Next: %(when)s", when=soon(moment, event.zone)),
            rank=1,
        ),
    )
