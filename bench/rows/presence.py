"""Who is online: the cost of a beat and its signals, and the page of an event that 200 people have
open.
"""

import time
from uuid import uuid4

from webapp.core.db.engine import statements as counter
from webapp.core.live.hub import Hub
from webapp.core.live.presence import BEAT, TOLD
from webapp.core.live.redis_hub import FRESH, RedisHub
from webapp.core.live.subscription import Subscription
from webapp.people.reads import FACES

from ..bench import Bench, Place
from ..data import people
from ..listeners import listening
from ..load import Failed
from ..results import Result, cpu, figure, share, statements
from . import row
from .pages import EVENT, TITLE
from .streams import EVENT_ID, live, opened

PART = "div#here"
TOPIC = f"event:{EVENT_ID}"
PRESENT = len(people.SHOWN)
BEATS = 200
OTHERS = f"+{PRESENT - FACES}"


@row(
    "who is here, 200 present",
    *(share(0.08), statements(3), figure("times", 2, "whole page ≤ 2 times the CPU")),
    databases=("postgresql",),
)
def drawn(bench: Bench) -> Result:
    """The part that an open page requests when someone has arrived or left.

    The figure "times" compares the whole page with 200 people present with the same page with
    nobody.
    """
    place = bench.large
    alone = bench.page(place, EVENT, TITLE, place.reader)
    here = [place.drivers[person - 1] for person in people.SHOWN]
    with (
        live(place) as (port, _server),
        listening(port, opened(place, port, here, TOPIC)) as listeners,
    ):
        _wait_for_all(place)
        crowded = bench.page(place, EVENT, OTHERS, place.reader)
        result = bench.page(place, EVENT, OTHERS, place.reader, part=PART)
        if listeners.open < PRESENT:
            raise Failed(f"{PRESENT - listeners.open} streams ended")
    times = (crowded.cpu or 0) / (alone.cpu or 1)
    result.figures = {"times": times}
    result.note = (
        f"the whole page: {times:.2f} times the CPU of the same with nobody, "
        f"{crowded.statements:.0f} statements"
    )
    return result


def _wait_for_all(place: Place) -> None:
    """Wait until the page shows the number of people present. Raise Failed after two beats."""
    deadline = time.monotonic() + 2 * BEAT
    while OTHERS not in place.look(EVENT, place.reader)[2]:
        if time.monotonic() > deadline:
            raise Failed(f"the page does not say {OTHERS} after two beats")
        time.sleep(0.2)


@row(
    "presence beat, 200 at one place",
    *(statements(0), cpu(5), figure("told", TOLD, f"≤ {TOLD} lines told a beat")),
    databases=("postgresql",),
)
def beat(bench: Bench) -> Result:
    """Call the beat of a process's hub directly: 200 streams without a change, then one arrives and
    leaves.
    """
    place = bench.large
    hub, topic = (
        RedisHub(PRESENT + 1, place.site.settings["REDIS_URL"]),
        f"event:{uuid4()}",
    )  # a topic that no other process uses
    hub.reaper.start = lambda: None  # type: ignore[method-assign]  # only this row calls the beat
    subscriptions = [_comes(hub, topic) for _person in range(PRESENT)]
    while any(_delivered(hub, subscriptions)):
        pass
    counted = [0]
    token = counter.set(counted)
    try:
        began, used = time.perf_counter(), time.process_time()
        for _beat in range(BEATS):
            hub.presence.beat()
        seconds, used = time.perf_counter() - began, time.process_time() - used
        one = _comes(hub, topic)
        coming = _until_nobody(hub, subscriptions)
        hub.close(one)
        time.sleep(FRESH)
        going = _until_nobody(hub, subscriptions)
    finally:
        counter.reset(token)
        for subscription in subscriptions:
            hub.close(subscription)
    if (sum(coming), sum(going)) != (PRESENT, PRESENT):
        raise Failed(
            f"{PRESENT} watch: {sum(coming)} heard that one came, {sum(going)} that one went"
        )
    beats = BEATS + len(coming) + len(going)
    result = Result(
        "", statements=counted[0] / beats, cpu=1000 * used / BEATS, p50=1000 * seconds / BEATS
    )
    result.figures = {"told": max(*coming, *going)}
    result.note = f"lines told in the beats after one has come: {coming}, has gone: {going}"
    return result


def _comes(hub: RedisHub, topic: str) -> Subscription:
    person = str(uuid4())
    subscription = Hub.open(hub, [topic], f"user:{person}")  # not connected to other processes
    subscription.set_places(person, [topic], True)
    return subscription


def _delivered(hub: RedisHub, subscriptions: list[Subscription]) -> list[list[str]]:
    """Call the beat; return the signals that each stream receives."""
    hub.presence.beat()
    return [subscription.wait(0)[0] for subscription in subscriptions]


def _until_nobody(hub: RedisHub, subscriptions: list[Subscription]) -> list[int]:
    """Call the beat until no stream receives a signal; return how many did at each call before."""
    found = []
    while number := sum(map(bool, _delivered(hub, subscriptions))):
        found.append(number)
    return found
