"""Whether a page costs more if there is more data.

Two pages are measured in turns, on the same machine in the same minute. Their processor times are
compared, which hardly depend on what else the machine does.
"""

from collections.abc import Callable
from statistics import median

from ..bench import Bench, Place
from ..data import events
from ..results import Result, figure
from ..sites import Visitor
from . import row
from .lists import far_behind
from .pages import EVENT, TITLE

AS_FAST = figure("times", 1.15, "≤ 1.15 times")
ROUNDS = 2


def compared(
    bench: Bench,
    one: tuple[Place, str, str],
    other: tuple[Place, str, str],
    by: Callable[[Place], Visitor] = lambda place: place.reader,
) -> Result:
    """Measure `one` and `other`, each (place, path, text on the page), as the reader or as `by`
    returns.

    The figure "times" compares their processor times, including PostgreSQL's.
    """
    found: tuple[list[Result], list[Result]] = [], []
    seconds = max(1, bench.seconds / ROUNDS)
    for turn in range(ROUNDS):
        for results, (place, path, says) in zip(found, (one, other), strict=True):
            results.append(
                bench.page(place, path, says, by(place), seconds=seconds, is_warm=turn > 0)
            )
    used, used_by_other = (median(map(_processor, results)) for results in found)
    rate, others_rate = (median(result.rate or 0 for result in results) for results in found)
    result = found[0][-1]
    result.rate, result.figures["times"] = rate, used / used_by_other
    result.note = (
        f"{used / used_by_other:.2f} times the processor ({used_by_other:.1f} ms), "
        f"{others_rate / rate:.2f} times as long"
    )
    return result


def _processor(result: Result) -> float:
    """Return the milliseconds of processor time per request, of the application and PostgreSQL."""
    return (result.cpu or 0) + (result.database_cpu or 0)


@row("event list, 100,000 events, not 100", AS_FAST)
def many_events(bench: Bench) -> Result:
    """The first page of a site with a thousand times as many events."""
    return compared(
        bench,
        (bench.large, "/events", "/events/event-"),
        (bench.small, "/events", "/events/event-"),
    )


@row("event page, 100,000 events, not 100", AS_FAST)
def many_around(bench: Bench) -> Result:
    """The same event among many."""
    return compared(bench, (bench.large, EVENT, TITLE), (bench.small, EVENT, TITLE))


@row("home, 100,000 events, not 100", AS_FAST)
def many_at_home(bench: Bench) -> Result:
    """A member's home page."""
    return compared(
        bench, (bench.large, "/", "/groups/group-1"), (bench.small, "/", "/groups/group-1")
    )


@row("event list, page 2,000, not 1", AS_FAST)
def many_pages(bench: Bench) -> Result:
    """A page far from the beginning."""
    place = bench.large
    return compared(
        bench, (place, far_behind(place), "/events/event-"), (place, "/events", "/events/event-")
    )


@row("event page, 5,000 answers, not 50", AS_FAST)
def many_answers(bench: Bench) -> Result:
    """The popular event."""
    crowd = f"/events/{events.slug_of(events.CROWD)}"
    return compared(bench, (bench.large, crowd, "no. 000001"), (bench.large, EVENT, TITLE))


@row("event list, search, not all", figure("times", 2, "≤ 2 times"))
def searched(bench: Bench) -> Result:
    """A search, compared with the list of all events."""
    search = f"/events?words={events.COMMON}"
    return compared(
        bench, (bench.large, search, events.COMMON), (bench.large, "/events", "/events/event-")
    )


@row("event list, rare search, not all", figure("times", 2, "≤ 2 times"))
def searched_long(bench: Bench) -> Result:
    """A search that must look at every event, because few match."""
    search = f"/events?words={events.RARE}"
    return compared(
        bench, (bench.large, search, events.RARE), (bench.large, "/events", "/events/event-")
    )
