"""Invitations to groups by email and by link, for people with and without an account."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..accounts.came_for import FINDERS
from ..core import hooks
from ..core.ui.navigation import AreaPage
from ..groups import managing
from . import (
    access,
    exporting,
    invited_sign_up,
    leaving,
    models as models,
    notifications as notifications,
)


def register(app: Flask) -> None:
    """Add the feature's pages and emails to the application."""
    from .routes import BLUEPRINTS

    hooks.email_verified.subscribe(invited_sign_up.email_confirmed)
    hooks.user_approved.subscribe(invited_sign_up.join)
    hooks.member_joined.subscribe(leaving.joined)
    hooks.member_left.subscribe(leaving.left)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(leaving.erase)
    FINDERS["invitation_pages.show"] = access.came_for
    app.jinja_env.globals["invitation_path"] = access.path
    _manage()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _manage() -> None:
    """Add the page about invitations to the groups' manage area."""
    managing.AREA.add(
        AreaPage(
            "invitations",
            "invitations.index",
            _l("Invitations"),
            "mail",
            "people",
            action=access.INVITE,
        )
    )
