"""Moderation: what is reported, who judges it, and what whoever it is about can say against it."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..core import hooks
from ..groups import managing
from . import erasing, exporting, reads, reportables
from . import kinds as kinds
from . import letters as letters
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages and letters are part of the application, and groups and people can be reported."""
    from . import routes

    reportables.register()
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    managing.page("reports", "cases.index", _l("Reports"), "group:moderate", "flag")
    managing.waiting("reports", _l("Reports to look at"), reads.waiting_in, "cases.index", "group:moderate")
    app.jinja_env.globals["cases_waiting"] = _cases_waiting
    routes.register(app)


def _cases_waiting() -> Any:
    """For an admin: how many cases wait."""
    return reads.waiting_for_admin(current_user._get_current_object())
