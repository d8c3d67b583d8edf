"""People: sign-up, the confirmation of an address, sign-ins, passwords."""

from flask import Flask

from ..core import hooks
from . import area, cli, distances, jobs, loader, routes
from . import models as models

__all__ = ["jobs", "models", "register"]


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    loader.init_app(app)
    cli.init_app(app)
    hooks.user_erased.subscribe(distances.erase)
    app.jinja_env.globals["account_places"] = lambda: area.places(app.view_functions)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
