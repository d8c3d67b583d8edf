"""Moderation: reports, decisions about them, and appeals."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..core import hooks
from ..core.ui.navigation import AreaPage, AreaTask
from ..groups import managing
from . import erasing, exporting, reads, reportable_people
from . import models as models
from . import notifications as notifications


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
        AreaTask(
            "reports",
            lambda number: ngettext("Report", "Reports", number),
            reads.waiting_in,
            "cases.index",
            action="group:moderate",
            moments=models.Case.pending_since,
        )
    )
    routes.register(app)
