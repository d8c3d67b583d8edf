"""People's accounts: sign-up, addresses, sign-ins, passwords, settings, whom they keep at a
distance, and how they leave.
"""

from flask import Flask

from ..core import hooks, site
from . import area, cli, distances, erasing, exporting, loader
from . import letters as letters
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages, commands and letters are part of the application."""
    from . import routes  # here, for the sign-up reads what stands further right: the house rules

    loader.init_app(app)
    loader.also("settled", site.version(), lambda _user, version: site.heard(version))
    cli.init_app(app)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    hooks.user_erased.subscribe(distances.erase)
    app.jinja_env.globals["account_places"] = lambda: area.places(app.view_functions)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
