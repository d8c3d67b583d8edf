"""The admins' pages: people, groups, events, votes, settings, the announcement and the
audit log.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..core import hooks
from ..core.ui.help import SITE, HelpTopic, add
from . import access as access, navigation, settings


def _add_help() -> None:
    summary = _l("What admins do, where to find it, and what they can’t see.")
    add(HelpTopic(SITE, _l("Managing the site"), summary, "admin/help/looking-after-the-site.html"))


def register(app: Flask) -> None:
    """Register the feature's pages and its menu."""
    from .routes import BLUEPRINTS, announcements

    _add_help()
    hooks.files_named.subscribe(settings.add_logo)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_env.globals["admin_menu"] = lambda: navigation.menu(current_user)
    app.jinja_env.globals["announcement"] = announcements.here
