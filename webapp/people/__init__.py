"""People's pages: what they say of themselves, their picture, and who sees both."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..core import hooks
from ..core.ui.help import HelpTopic, add
from . import exporting, profiles
from . import models as models


def _add_help() -> None:
    """The page exists, and belongs to the one about one's own data."""
    summary = _l("Who can see that you have a page open, where no one can, and how you choose.")
    add(
        HelpTopic(
            "who-is-here", _l("Who is here"), summary, "people/help/who-is-here.html", "your-data"
        )
    )


def register(app: Flask) -> None:
    """The feature's pages are part of the application, and every list can show faces."""
    from . import routes  # here, for these pages read what stands further right

    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(profiles.erased)
    hooks.topic_removed.subscribe(profiles.topic_removed)
    _add_help()
    routes.register(app)
