"""A crowd that uses the whole site: the average cost of a request, and how long people wait when
many use the site at the same time.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from ..bench import Bench, Place, Watch
from ..crowd import NO_PAUSE, Crowd, at, lost, wrong_statuses
from ..data import talk
from ..listeners import Listeners, listening
from ..load import Failed
from ..results import Result, cpu, figure
from ..staff import drop_backlog, staffed, wait_until_done
from . import row
from .streams import live, opened

#: People who click without pauses, so that the server is always busy.
PEOPLE = 16
#: Multiple of the usual length of a row. People at once are measured for 30 seconds.
LONGER = 15
#: Without Redis the web process holds the streams itself, at most 16 of them.
STREAMS_ON_SQLITE = 12


@row("mix: 45% visitors' pages, 45% signed-in pages, 10% writes", cpu(4))
def mix(bench: Bench) -> Result:
    """Answers, ballots and replies in equal parts; check that none is lost."""
    place = bench.large
    crowd = Crowd(place, PEOPLE, NO_PAUSE)
    crowd.click_for(1)
    constant = place.constant()
    place.server.rest()
    watch = Watch(place.server)
    found = crowd.click_for(bench.seconds * 2)
    result = watch.result(found, constant)
    _refuse_losses(crowd)
    result.note = f"{found.requests} clicks of {PEOPLE} people without pauses"
    return result


def people_at_once(number: int, most: int) -> None:
    """Register the row of this many people, whose 95th percentile may be `most` milliseconds."""

    @row(f"{number} people at once, 10% writes", figure("p95", most, f"p95 ≤ {most} ms"))
    def people(bench: Bench) -> Result:
        place = bench.large
        drop_backlog(place.site)
        on_sqlite = place.site.on_sqlite
        streams = STREAMS_ON_SQLITE if on_sqlite else number
        with (
            nullcontext() if on_sqlite else staffed(place.site),
            _streams(place, streams) as listeners,
        ):
            if not on_sqlite:
                wait_until_done(place.site)
            crowd = Crowd(place, number)
            crowd.click_for(2)
            watch = Watch(place.server)
            found = crowd.click_for(min(30, bench.seconds * LONGER))
            if listeners.open < streams:
                raise Failed(f"{streams - listeners.open} streams ended")
            result = watch.result(found, None)
        _refuse_losses(crowd)
        times = [click.ms for click in crowd.clicks[-found.requests :]]
        result.figures = {"p95": at(times, 0.95)}
        result.note = f"p95 {at(times, 0.95):.0f} ms, {streams} streams open"
        return result


@contextmanager
def _streams(place: Place, number: int) -> Iterator[Listeners]:
    """Let this many people have the thread open in which the crowd replies."""
    topic, people = talk.topic_of(talk.SHORT), place.drivers[:number]
    served = nullcontext((place.port, place.server)) if place.site.on_sqlite else live(place)
    with (
        served as (port, _server),
        listening(port, opened(place, port, people, topic)) as listeners,
    ):
        yield listeners


def _refuse_losses(crowd: Crowd) -> None:
    problems = wrong_statuses(crowd.clicks) + lost(crowd)
    if cut_off := sum(not click.status for click in crowd.clicks):
        problems.append(f"{cut_off} requests were cut off")
    if problems:
        raise Failed("; ".join(problems[:3]))


people_at_once(40, 150)
people_at_once(80, 300)
