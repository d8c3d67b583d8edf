"""Manage the site: people, groups, events, votes, settings, the announcement and the audit log."""

from flask import Flask
from flask_login import current_user

from ..core import hooks
from . import access as access
from . import help_pages, navigation, settings


def register(app: Flask) -> None:
    """The feature's pages are part of the application, and all that admins come to is in one
    navigation.
    """
    from .routes import BLUEPRINTS, announcements

    help_pages.register()
    hooks.files_named.subscribe(settings.add_logo)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_env.globals["admin_menu"] = lambda: navigation.menu(current_user)
    app.jinja_env.globals["announcement"] = announcements.here
