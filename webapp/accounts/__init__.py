"""Accounts: sign-up, email addresses, sign-ins, passwords, settings, blocking and muting, and
account deletion.
"""

from flask import Flask

from ..core import hooks, site_settings
from ..core.http import way_back
from . import (
    blocks,
    cli,
    emails as emails,
    erasing,
    exporting,
    loader,
    models as models,
    navigation,
)


def register(app: Flask) -> None:
    """Register the feature's pages, commands, hooks and emails."""
    # here because the sign-up routes read the house rules from a feature further right
    from . import routes

    loader.init_app(app)
    way_back.init_app(app)
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
