"""Profiles: what people write about themselves, their picture, and who sees both."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..core import hooks
from ..core.ui.help import HelpTopic, add
from . import exporting, models as models, profiles


def _add_help() -> None:
    """Add the help page, below the one about one's own data."""
    summary = _l("Who can see when you’re here, where it’s never shown, and how to turn it off.")
    add(
        HelpTopic(
            "who-is-here", _l("Who is here"), summary, "people/help/who-is-here.html", "your-data"
        )
    )


def register(app: Flask) -> None:
    """Add the feature's pages to the application, and avatars to every template."""
    from . import routes  # imported here because these pages read features further right

    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(profiles.erased)
    hooks.topic_removed.subscribe(profiles.topic_removed)
    _add_help()
    routes.register(app)
