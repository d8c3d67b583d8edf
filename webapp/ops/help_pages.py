"""A page of help about what the site does beside its pages."""

from flask_babel import lazy_gettext as _l

from ..admin.help_pages import SITE
from ..core.ui.help import HelpTopic, add


def register() -> None:
    """Add the page, under the one about managing the site."""
    summary = _l("Workers, failed jobs and undelivered emails: what they mean, and what to do.")
    add(
        HelpTopic(
            "queue-and-outbox",
            _l("Jobs and email"),
            summary,
            "queue/help/queue-and-outbox.html",
            SITE,
        )
    )
