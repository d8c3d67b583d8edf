"""Invitations into groups: by mail and by link, accepted by those who are here and by those who
come.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..core import hooks
from ..groups import managing
from . import access, exporting, invited_sign_up, leaving, reads
from . import models as models
from . import notifications as notifications


def register(app: Flask) -> None:
    """The feature's pages and letters are part of the application, and its page stands among the
    organizers'.
    """
    from .routes import BLUEPRINTS

    hooks.email_verified.subscribe(invited_sign_up.confirmed)
    hooks.user_approved.subscribe(invited_sign_up.arrive)
    hooks.member_joined.subscribe(leaving.joined)
    hooks.member_left.subscribe(leaving.left)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(leaving.erase)
    app.jinja_env.globals["invitation_path"] = access.path
    managing.page("invitations", "invitations.index", _l("Invitations"), access.INVITE, "mail")
    label = _l("Invitations awaiting a reply")
    managing.waiting("invitations", label, reads.waiting_count, "invitations.index", access.INVITE)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
