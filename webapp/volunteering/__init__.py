"""Tasks and shifts of an event: what there is to do, and who does it."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..attendance import leaving
from ..core import hooks
from ..core.ui.template_globals import kept
from ..events import management
from . import exporting, helping, reads
from . import models as models
from . import notifications as notifications
from . import task_reminders as task_reminders


def register(app: Flask) -> None:
    """The feature's pages and jobs are part of the application."""
    from .routes import BLUEPRINTS

    app.jinja_env.globals["task_card"] = kept(app, "events/_card.html", "card", 1000)
    management.waiting("tasks", _l("Open tasks"), reads.open_tasks, "event_tasks.index")
    management.waiting(
        "shifts",
        _l("Volunteers needed for shifts"),
        reads.free_places,
        "event_shifts.index",
    )
    leaving.HOLDINGS.append(helping.holders)
    hooks.event_copied.subscribe(helping.copy_to)
    hooks.event_moved.subscribe(helping.moved)
    hooks.event_left.subscribe(helping.ends)
    hooks.event_emptied.subscribe(helping.emptied)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(helping.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
