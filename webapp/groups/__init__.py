"""Groups: communities, their members, who may do what."""

from flask import Flask

from ..core import hooks
from . import jobs as jobs
from . import kinds as kinds
from . import letters as letters
from . import live as live
from . import models as models
from . import departing, exporting, ownership


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    from . import routes  # here, for its pages read what stands further right: events and votes

    hooks.user_deactivated.subscribe(ownership.left_site)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(departing.erase)
    routes.register(app)
