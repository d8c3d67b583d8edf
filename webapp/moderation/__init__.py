"""Moderation: reports, decisions about them, and appeals."""

from flask import Flask
from flask_babel import lazy_gettext as _l, ngettext

from ..core import hooks
from ..core.ui.navigation import AreaPage
from ..core.ui.to_do import TodoRule
from ..groups import managing
from . import (
    erasing,
    exporting,
    models as models,
    notifications as notifications,
    reads,
    reportable_people,
)


def register(app: Flask) -> None:
    """Add the feature's pages and emails to the application, and make groups and people
    reportable.
    """
    from . import routes

    reportable_people.register()
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    managing.AREA.add(
        AreaPage(
            "reports",
            "cases.index",
            _l("Reports"),
            "flag",
            "moderation",
            action="group:moderate",
            number=reads.waiting_in,
        )
    )
    managing.AREA.add_tasks(
        TodoRule(
            "reports",
            lambda number: ngettext("Report", "Reports", number),
            reads.waiting_in,
            "cases.index",
            action="group:moderate",
            moments=models.Case.pending_since,
        )
    )
    routes.register(app)
