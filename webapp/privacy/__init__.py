"""Privacy: what a person takes along, how they leave, and the pages that say how the site treats
people.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..core.ui.help import HelpTopic, add
from . import models as models


def _add_help() -> None:
    """The page exists."""
    summary = _l("What’s kept about you and who can see it, how to download it, and how to leave.")
    add(HelpTopic("your-data", _l("Your data"), summary, "privacy/help/your-data.html"))


def register(app: Flask) -> None:
    """The feature's pages and jobs are part of the application."""
    from ..accounts import loader
    from ..core import hooks
    from . import agreements, exports
    from . import jobs as jobs
    from . import notification_types as notification_types
    from .routes import BLUEPRINTS

    _add_help()
    loader.also("terms", agreements.newest_asked(), agreements.know)
    hooks.user_exported.subscribe(exports.add)
    hooks.user_erased.subscribe(exports.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
