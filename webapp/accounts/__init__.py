"""People's accounts: sign-up, addresses, sign-ins, passwords, settings, whom they block
or mute, and how they leave.
"""

from flask import Flask

from ..core import hooks, site_settings
from . import blocks, cli, erasing, exporting, loader, navigation
from . import emails as emails
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages, commands and emails are part of the application."""
    from . import routes  # here, for the sign-up reads what stands further right: the house rules

    loader.init_app(app)
    loader.load_with(
        "settled",
        site_settings.version(),
        lambda _user, version: site_settings.learn_version(version),
    )
    cli.init_app(app)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    hooks.user_erased.subscribe(blocks.erase)
    app.jinja_env.globals["account_places"] = lambda: navigation.available_pages(app.view_functions)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
