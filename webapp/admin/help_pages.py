"""A page of help for those who manage the site."""

from flask_babel import lazy_gettext as _l

from ..core.ui.help import HelpTopic, add

SITE = "looking-after-the-site"


def register() -> None:
    """The page exists."""
    summary = _l("What admins do, where to find it, and what they can’t see.")
    add(HelpTopic(SITE, _l("Managing the site"), summary, "admin/help/looking-after-the-site.html"))
