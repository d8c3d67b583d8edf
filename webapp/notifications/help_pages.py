"""A page of help about mails and the inbox."""

from flask_babel import lazy_gettext as _l

from ..core.ui.help import HelpTopic, add


def register() -> None:
    """The page exists."""
    summary = _l("What reaches you by mail, what in your inbox, and how you hear less.")
    title = _l("Mails and notifications")
    add(
        HelpTopic(
            "mails-and-notifications",
            title,
            summary,
            "notifications/help/mails-and-notifications.html",
        )
    )
