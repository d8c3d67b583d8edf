"""What someone can do on a site where there is no group or event to find yet."""

from typing import Any, NamedTuple

from flask_babel import gettext as _

from ..core import site_settings
from . import permissions


class FirstStep(NamedTuple):
    """What to say, and the link to what can be done."""

    title: str
    words: str
    url: str
    label: str


def first_step(user: Any) -> FirstStep:
    """Return what `user` can do, by the site's settings."""
    creation = site_settings.value("GROUP_CREATION")
    title, to_sign_up = _("No groups or events yet"), _("Create an account")
    if permissions.may_create(user, creation):
        words = _("Start the first group and invite others.")
        return FirstStep(title, words, "/groups/new", _("Start a group"))
    if user.id is not None:
        words = _("You can create an event. The site’s admins decide who can start groups.")
        return FirstStep(title, words, "/events/new", _("Create event"))
    if site_settings.value("SIGN_UP") == "invitation":
        words = _("People join this site by invitation. Have an account? Sign in.")
        return FirstStep(title, words, "/sign-in", _("Sign in"))
    if creation == "everyone":
        words = _("Create an account, start the first group and invite others.")
        return FirstStep(title, words, "/sign-up?next=/groups/new", to_sign_up)
    words = _("Create an account to create an event, or to join the first group.")
    return FirstStep(title, words, "/sign-up?next=/events/new", to_sign_up)
