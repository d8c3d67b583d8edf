"""What someone can do on a site where there is no group or event to find yet."""

from typing import Any

from flask_babel import gettext as _

from ..core import site_settings
from ..core.ui.to_do import Todo
from . import permissions


def first_step(user: Any) -> Todo:
    """Return what `user` can do, by the site's settings."""
    creation = site_settings.value("GROUP_CREATION")
    title, to_sign_up = _("No groups or events yet"), _("Create an account")
    if permissions.may_create(user, creation):
        words = _("Start the first group and invite others.")
        return Todo(title, words, "/groups/new", _("Start a group"))
    if user.id is not None:
        words = _("You can create an event. The site’s admins decide who can start groups.")
        return Todo(title, words, "/events/new", _("Create event"))
    if site_settings.value("SIGN_UP") == "invitation":
        words = _("People join this site by invitation. Have an account? Sign in.")
        return Todo(title, words, "/sign-in", _("Sign in"))
    if creation == "everyone":
        words = _("Create an account, start the first group and invite others.")
        return Todo(title, words, "/sign-up?next=/groups/new", to_sign_up)
    words = _("Create an account to create an event, or to join the first group.")
    return Todo(title, words, "/sign-up?next=/events/new", to_sign_up)
