"""Manage the site: people, groups, events, votes, settings, the announcement and the audit log."""

from flask import Flask
from flask_login import current_user

from . import access as access
from . import help_pages, navigation


def register(app: Flask) -> None:
    """The feature's pages are part of the application, and all that admins come to is in one
    navigation.
    """
    from .routes import BLUEPRINTS, announcements

    navigation.register()
    help_pages.register()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_env.globals["site_places"] = lambda: navigation.places(
        current_user, app.view_functions
    )
    app.jinja_env.globals["announcement"] = announcements.here
