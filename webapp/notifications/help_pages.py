"""A page of help about emails and the inbox."""

from flask_babel import lazy_gettext as _l

from ..core.ui.help import HelpTopic, add


def register() -> None:
    """The page exists."""
    summary = _l("What you get by email, what in your inbox, and how to get less.")
    title = _l("Emails and notifications")
    add(
        HelpTopic(
            "mails-and-notifications",
            title,
            summary,
            "notifications/help/mails-and-notifications.html",
        )
    )
