"""Events: planning, answers, the waiting list."""

from flask import Flask

from . import jobs as jobs
from . import leaving
from . import letters as letters
from . import models as models
from . import watching as watching
from .routes import BLUEPRINTS


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    leaving.subscribe()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
