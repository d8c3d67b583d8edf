"""Events: planning, answers, the waiting list."""

from flask import Flask

from ..core import hooks
from . import erasing, exporting, leaving, reporting
from . import jobs as jobs
from . import kinds as kinds
from . import letters as letters
from . import live as live
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    from .routes import BLUEPRINTS  # here, for its pages read what stands further right: votes

    leaving.subscribe()
    reporting.register()
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
