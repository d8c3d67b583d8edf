"""Pages of help about events: for those who come, and for those who run one."""

from typing import Any

from flask_babel import lazy_gettext as _l

from ..core.ui.help import HelpTopic, add

EVENTS = "events"


def register() -> None:
    """The pages exist."""
    add(
        _topic(
            EVENTS,
            _l("Coming to an event"),
            _l("From finding one to the door: what happens on the way."),
            part="",
        ),
        _topic(
            "answering",
            _l("Answering"),
            _l("Going, maybe or not going: what each says, and how you change it."),
        ),
        _topic(
            "waiting-list",
            _l("The waiting list"),
            _l("Who gets a seat that comes free, and why nobody can jump the queue."),
        ),
        _topic(
            "without-an-account",
            _l("Coming without an account"),
            _l("A name and an address are enough, where the hosts take guests."),
        ),
        _topic(
            "running-an-event",
            _l("Running an event"),
            _l("From the draft to the thanks afterwards, step by step."),
            part="",
        ),
    )


def _topic(slug: str, title: Any, summary: Any, part: str = EVENTS) -> HelpTopic:
    return HelpTopic(slug, title, summary, f"events/help/{slug}.html", part, "events")
