"""Votes: the question, the roll, ballots, results."""

from flask import Flask

from ..core import hooks
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application.

    Pages are imported here and not above, as in the features whose pages show ours.
    """
    from . import exporting, leaving
    from . import jobs as jobs
    from . import kinds as kinds
    from . import letters as letters
    from . import live as live
    from .routes import BLUEPRINTS

    leaving.subscribe()
    hooks.user_exported.subscribe(exporting.add)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
