"""People: sign-up, the confirmation of an address, sign-ins, passwords."""

from flask import Flask

from ..core import hooks
from . import area, cli, distances, erasing, exporting, jobs, loader
from . import models as models

__all__ = ["jobs", "models", "register"]


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    from . import routes  # here, for the sign-up reads what stands further right: the house rules

    loader.init_app(app)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    cli.init_app(app)
    hooks.user_erased.subscribe(distances.erase)
    app.jinja_env.globals["account_places"] = lambda: area.places(app.view_functions)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
