"""A page of help about what the site does beside its pages."""

from flask_babel import lazy_gettext as _l

from ..admin.help_pages import SITE
from ..core.ui.help import HelpTopic, add


def register() -> None:
    """The page exists, and belongs to the one about looking after the site."""
    summary = _l(
        "Workers, jobs that failed, and mails that could not be delivered: what each means, and "
        "what to do."
    )
    add(
        HelpTopic(
            "queue-and-outbox",
            _l("Queue and outbox"),
            summary,
            "queue/help/queue-and-outbox.html",
            SITE,
        )
    )
