"""The list of events: its first page, a page far behind, and what a search finds."""

from ..bench import Bench
from ..data import events
from ..results import Result
from . import row
from .pages import SIGNED_IN, VISITOR


@row("event list, visitor", VISITOR)
def first(bench: Bench) -> Result:
    """The first twenty of those to come."""
    return bench.page(bench.large, "/events", "/events/event-")


@row("event list, signed in", *SIGNED_IN)
def first_signed_in(bench: Bench) -> Result:
    """The same with what the reader's groups alone may see."""
    return bench.page(bench.large, "/events", "/events/event-", bench.large.reader)


@row("event list, page 2,000, signed in", *SIGNED_IN)
def far(bench: Bench) -> Result:
    """The last of 40,000."""
    return bench.page(bench.large, "/events?page=2000", "/events/event-", bench.large.reader)


@row("event list, search, signed in")
def search(bench: Bench) -> Result:
    """A word of one event in thirteen."""
    return bench.page(bench.large, f"/events?words={events.COMMON}", events.COMMON, bench.large.reader)


@row("event list, rare search, signed in")
def rare(bench: Bench) -> Result:
    """A word of three events in all."""
    return bench.page(bench.large, f"/events?words={events.RARE}", events.RARE, bench.large.reader)
