"""Privacy: data exports, account deletion, and legal pages."""

from flask import Flask
from flask_babel import gettext as _, lazy_gettext as _l

from ..core.ui.help import HelpTopic, add
from ..core.ui.to_do import TodoRule
from . import models as models


def _add_help() -> None:
    """Add the help page."""
    summary = _l("What’s kept about you and who can see it, how to download it, and how to leave.")
    add(HelpTopic("your-data", _l("Your data"), summary, "privacy/help/your-data.html"))


def _add_setup_step() -> None:
    """Add the legal pages to the setup list of a new site's admins."""
    from ..home.site_setup import add_step
    from . import reads

    add_step(
        TodoRule(
            "legal",
            lambda _open: _("Write the legal pages"),
            lambda _user: ~reads.is_written(models.IMPRINT),
            "site_page_edits.edit",
            _l("Edit imprint"),
            hint=_l("Privacy, house rules and imprint come as drafts. Fill in your details."),
            values=lambda _user: {"page": models.IMPRINT},
            rank=3,
        )
    )


def register(app: Flask) -> None:
    """Register the feature's pages, jobs and hooks."""
    from ..accounts import loader
    from ..core import hooks
    from . import agreements, exports, jobs as jobs, notifications as notifications
    from .routes import BLUEPRINTS

    _add_help()
    _add_setup_step()
    loader.load_with("terms", agreements.newest_required(), agreements.set_must_agree)
    hooks.user_exported.subscribe(exports.add)
    hooks.user_erased.subscribe(exports.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
