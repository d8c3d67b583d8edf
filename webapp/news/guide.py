"""The help page about news from other sites."""

from typing import Any, NamedTuple

from flask_babel import format_timedelta, lazy_gettext as _l, ngettext

from ..core.ui.help import HelpTopic, add
from . import store
from .fetch_errors import SENTENCES


class Pause(NamedTuple):
    """The pause after so many failures, in words and in percent of the longest pause."""

    title: str
    number: str
    percent: float


def register() -> None:
    """Add the page."""
    summary = _l(
        "Adding feeds from other sites, how up to date they are, and what to do when one stops "
        "working."
    )
    add(
        HelpTopic(
            "news-from-outside",
            _l("News from other sites"),
            summary,
            "news/help/news-from-outside.html",
            context=_context,
        )
    )


def _context() -> dict[str, Any]:
    return {"pauses": _pauses(), "troubles": SENTENCES}


def _pauses() -> list[Pause]:
    """Return the pauses in growing order, up to the longest."""
    pauses: list[Pause] = []
    while not pauses or pauses[-1].percent < 100:
        times = len(pauses) + 1
        pause = store.pause_after(times)
        title = ngettext("After 1 failed try", "After %(num)d failed tries", times)
        pauses.append(
            Pause(
                title,
                format_timedelta(pause, threshold=1),
                round(100 * (pause / store.LONGEST_PAUSE), 1),
            )
        )
    return pauses
