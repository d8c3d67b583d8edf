"""Votes: the question, the roll, ballots, results."""

from flask import Flask

from . import jobs as jobs
from . import leaving
from . import letters as letters
from . import live as live
from . import models as models
from .routes import BLUEPRINTS


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    leaving.subscribe()
