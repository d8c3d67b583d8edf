"""Help pages about events, for attendees and hosts."""

from typing import Any

from flask_babel import lazy_gettext as _l

from ..core.ui.help import HelpTopic, add

EVENTS = "events"


def register() -> None:
    """Add the pages."""
    add(
        _topic(
            EVENTS,
            _l("Going to an event"),
            _l("From finding an event to checking in."),
            part="",
        ),
        _topic(
            "answering",
            _l("Answering"),
            _l("What Going, Maybe and Can’t go mean, and how to change your answer."),
        ),
        _topic(
            "waiting-list",
            _l("Waiting list"),
            _l("Who gets a free seat, and why no one can jump ahead."),
        ),
        _topic(
            "without-an-account",
            _l("Without an account"),
            _l("If the hosts allow it, you only need a name and an email address."),
        ),
        _topic(
            "running-an-event",
            _l("Hosting an event"),
            _l("Step by step, from the draft to the feedback."),
            part="",
        ),
    )


def _topic(slug: str, title: Any, summary: Any, part: str = EVENTS) -> HelpTopic:
    return HelpTopic(slug, title, summary, f"events/help/{slug}.html", part, "events")
