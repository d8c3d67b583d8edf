"""Pictures and files of an event."""

from flask import Flask

from ..core import hooks
from . import exporting, reporting, uploads
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages are part of the application."""
    from .routes import BLUEPRINTS

    reporting.register()
    hooks.user_exported.subscribe(exporting.add)
    hooks.events_erased.subscribe(uploads.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
