"""Moderation: what is reported, who judges it, and what the person concerned can say against it."""

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
    """The feature's pages and emails are part of the application, and groups and people can be
    reported.
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
