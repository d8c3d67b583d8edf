"""500 people watch one vote while ballots arrive: how soon each page hears of a ballot, and when
all pages show the new result.
"""

import time
import uuid
from collections.abc import Iterator
from random import Random
from urllib.parse import urlencode

from webapp.voting.tally.rules import IRV

from .. import load
from ..bench import Bench, Place, Watch
from ..data import votes_of_every_kind as every_kind
from ..data.values import row_id
from ..listeners import Listeners, listening
from ..load import Failed, post
from ..results import Result, figure
from ..sites import Visitor
from . import row
from .streams import STREAMS, live, opened, wait_for
from .votes_of_every_kind import fields

ROUNDS = 20
#: The number of ballots after which every page requests the new result. Each time that takes a
#: machine with two cores several seconds.
REDRAWN = 3
#: The headers with which a vote's page requests the result after a ballot (`voting/_results.html`).
PART = load.HTMX | {"HX-Target": "section#results"}


@row(
    "live results, 500 open streams",
    figure("p99", 250, "p99 of a broadcast ≤ 250 ms"),
    databases=("postgresql",),
)
def live_results(bench: Bench) -> Result:
    """Cast twenty ballots in a ranked vote, one after the other, each announced to everyone.

    Then cast three more, and after each request the new result for everyone who watches.
    """
    place = bench.large
    vote = next(
        one
        for one in every_kind.all_of(place.site.size)
        if (one.kind, one.state) == (IRV, every_kind.CAST)
    )
    topic = f"vote:{uuid.UUID(hex=row_id('vote', vote.number))}"
    voters = iter(place.drivers[STREAMS:])
    before = _ballots(place, vote)
    constant = place.constant()
    with (
        live(place) as (port, _server),
        listening(port, opened(place, port, place.drivers[:STREAMS], topic)) as listeners,
    ):
        waits = sorted(
            wait
            for ballot in _cast(vote, place, voters, ROUNDS)
            for wait in _delivered(place, listeners, topic, ballot)
        )
        watch = Watch(place.server)
        rounds = [
            _round(place, listeners, topic, vote, ballot)
            for ballot in _cast(vote, place, voters, REDRAWN)
        ]
        if listeners.open < STREAMS:
            raise Failed(f"{STREAMS - listeners.open} streams ended")
    cast = _ballots(place, vote) - before
    if cast != ROUNDS + REDRAWN:
        raise Failed(f"{ROUNDS + REDRAWN} people voted, {cast} ballots are there")
    asked = sum(found.requests for found in rounds)
    seconds = sorted(found.seconds for found in rounds)
    whole = load.Load(
        asked, sum(seconds), max(found.p50 for found in rounds), max(found.p99 for found in rounds)
    )
    result = watch.result(whole, constant)
    p99 = waits[int(len(waits) * 0.99)] * 1000
    result.figures = {"p99": p99}
    result.note = (
        f"ballot to signal p99 {p99:.0f} ms; {STREAMS} pages have the new result "
        f"{seconds[REDRAWN // 2]:.1f} s after it"
    )
    return result


def _cast(
    vote: every_kind.VoteOfKind, place: Place, voters: Iterator[Visitor], rounds: int
) -> Iterator[bytes]:
    """Yield this many ballots as their forms send them."""
    throw = Random(1)
    for _round in range(rounds):
        visitor = next(voters)
        entered = fields(vote.kind, every_kind.marks(vote.kind, throw))
        body = urlencode([("csrf_token", visitor.csrf), ("version", "1"), *entered])
        yield post(f"/votes/{vote.slug}/ballot", body, place.headers(visitor))


def _delivered(place: Place, listeners: Listeners, topic: str, ballot: bytes) -> list[float]:
    """Cast a ballot; return the seconds until each stream received its signal."""
    started = time.perf_counter()
    found = load.send(place.port, iter([ballot]), 10, 1)
    if set(found.statuses) != {303}:
        raise Failed(f"a ballot was answered with {dict(found.statuses)}")
    return wait_for(listeners, f"{topic}:ballots", started)


def _round(
    place: Place, listeners: Listeners, topic: str, vote: every_kind.VoteOfKind, ballot: bytes
) -> load.Load:
    """Cast a ballot, and request what every watching page then requests.

    Raise Failed if the result doesn't show the new ballot afterwards.
    """
    _delivered(place, listeners, topic, ballot)
    found = load.send(place.port, _parts(place, vote), 60)
    if set(found.statuses) != {200}:
        raise Failed(f"parts were answered with {dict(found.statuses)}")
    _status, _headers, text = place.look(f"/votes/{vote.slug}", place.drivers[0], **PART)
    says = f"{_ballots(place, vote)} ballots"
    if says not in text:
        raise Failed(f"the result does not say “{says}”")
    return found


def _parts(place: Place, vote: every_kind.VoteOfKind) -> Iterator[bytes]:
    for visitor in place.drivers[:STREAMS]:
        yield load.get(f"/votes/{vote.slug}", place.headers(visitor) | PART)


def _ballots(place: Place, vote: every_kind.VoteOfKind) -> int:
    return int(place.site.ask("SELECT ballot_count FROM vote WHERE slug = :slug", slug=vote.slug))
