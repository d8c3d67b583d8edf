"""Compare revisions: each serves the same site, and rounds of the same requests go to one after the
other.

What else the machine does makes processor time dearer or cheaper by a third, but to neighbouring
rounds alike: only their ratio is used. Two processes of the same code differ by some percent, by
the order of their sets and by where memory lies. So each revision has several, in pairs with the
same order, and the interval knows which round is of which pair.
"""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice, repeat
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

from scripts import services

from . import load
from .bench import Bench, Place
from .data import Size
from .load import Failed
from .results import Result
from .servers import ROOT, Server, serving
from .sites import Visitor

#: Processes of each revision.
PAIRS = 4
#: Requests before the rounds: PostgreSQL plans a statement anew until it was asked ten times.
FIRST = 15
#: Seconds of processor time in a round, and the seconds within which it must be over.
ROUND, PATIENCE = 0.1, 60
#: How much dearer a row may be.
LIMIT = 1.05
#: One worker, so that each round is served by the same process.
ALONE = ("--workers", "1")
#: Drawings for the interval that holds the ratio in 95 of 100 runs.
DRAWINGS, OUTSIDE = 2000, 0.025


class Contender(NamedTuple):
    """A process that serves the site with a revision's code; "" is this checkout."""

    revision: str
    port: int
    server: Server


class Cost(NamedTuple):
    """Milliseconds of processor time per request: of the web worker, and of PostgreSQL."""

    app: float
    database: float = 0


#: The costs of rounds, by revision, in a list for each of its processes.
Costs = dict[str, list[list[Cost]]]


class Interval(NamedTuple):
    """A ratio, with the least and the most that it may be."""

    middle: float
    least: float
    most: float

    @property
    def is_dearer(self) -> bool:
        """Whether this checkout is certainly dearer than it may be."""
        return self.least > LIMIT

    @property
    def verdict(self) -> str:
        """What the ratio says about this checkout."""
        if self.is_dearer:
            return "**dearer**"
        if self.most <= LIMIT:
            return "cheaper" if self.most < 1 else "no dearer"
        return "unclear: take more --seconds"


class ComparingBench(Bench):
    """A bench whose rows compare this checkout with others, by what their requests cost."""

    def __init__(self, *given: Any, checkouts: dict[str, Path]) -> None:
        super().__init__(*given)
        self.checkouts = {"": ROOT, **checkouts}
        self.costs: Costs = {}
        self._groups: dict[str, list[list[Contender]]] = {}

    def _place(self, size: Size) -> Place:
        place = super()._place(size)
        if size.name not in self._groups:
            self._groups[size.name] = [self._group(place, number) for number in range(PAIRS)]
        return place

    def _group(self, place: Place, number: int) -> list[Contender]:
        """Serve the site with each revision, in processes with the same order of sets."""
        group = []
        for revision, checkout in self.checkouts.items():
            port = services.free_port()
            options = *self.server_options, *ALONE, "--bind", f"127.0.0.1:{port}"
            ordered = {"PYTHONHASHSEED": str(number)}
            started = serving(place.site, *options, port=port, root=checkout, **ordered)
            group.append(Contender(revision, port, self._stack.enter_context(started)))
        return group

    def page(
        self,
        place: Place,
        path: str,
        says: str,
        visitor: Visitor | None = None,
        part: str = "",
        seconds: float = 0,
        is_warm: bool = False,
    ) -> Result:
        """Compare what a page costs."""
        asked = self.checked(place, path, says, visitor, part)
        request = load.get(path, place.headers(visitor) | asked)
        return self._compared(place, repeat(request), 200)[0]

    def in_turn(
        self, place: Place, request: bytes, before: Callable[[], object], status: int = 200
    ) -> Result:
        """Compare what a request costs after `before`."""

        def asked() -> Iterator[bytes]:
            while True:
                before()
                yield request

        return self._compared(place, asked(), status)[0]

    def changes(
        self,
        place: Place,
        requests: Iterator[bytes],
        connections: int = 1,
        answer: int = 303,
        warm: bool = False,
    ) -> tuple[Result, int]:
        """Compare what forms cost; also return how many were sent."""
        assert place.drivers  # create them before the clock starts
        return self._compared(place, requests, answer)

    def _compared(self, place: Place, requests: Iterator[bytes], status: int) -> tuple[Result, int]:
        groups, sent = self._groups[place.site.size.name], 0

        def cost(by: Contender, number: int) -> Cost:
            nonlocal sent
            app, database = by.server.seconds_used(), by.server.database_seconds_used() or 0
            found = load.send(by.port, islice(requests, number), PATIENCE, connections=1)
            if set(found.statuses) != {status}:
                raise Failed(f"{by.revision} answered with {dict(found.statuses)}, not {status}")
            by.server.rest()
            app = by.server.seconds_used() - app
            database = (by.server.database_seconds_used() or 0) - database
            sent += found.requests
            return Cost(app * 1000 / found.requests, database * 1000 / found.requests)

        first = [cost(contender, FIRST) for group in groups for contender in group]
        each = max(1, round(ROUND * 1000 / max(cost.app + cost.database for cost in first)))
        rounds = max(1, round(self.seconds / ROUND / PAIRS))
        costs = in_rounds(groups, lambda by: cost(by, each), rounds)
        for revision, found in costs.items():
            self.costs.setdefault(revision, []).extend(found)
        app, database = (median(parts) for parts in zip(*chain(*costs[""]), strict=True))
        # Some rows divide a rate by another.
        return Result("", rate=1000 / app, p50=app, cpu=app, database_cpu=database), sent

    def taken(self) -> Costs:
        """Return the costs of all rounds since the last time."""
        costs, self.costs = self.costs, {}
        return costs


def in_rounds(
    groups: Sequence[Sequence[Contender]], cost: Callable[[Contender], Cost], rounds: int
) -> Costs:
    """Return the costs of the contenders, after this many rounds of each group. The order changes
    from round to round.
    """
    costs: Costs = {one.revision: [[] for _group in groups] for one in groups[0]}
    shuffled = Random(1).sample
    for _round in range(rounds):
        for number, group in enumerate(groups):
            for contender in shuffled(group, len(group)):
                costs[contender.revision][number].append(cost(contender))
    return costs


def ratio(here: Sequence[Sequence[float]], there: Sequence[Sequence[float]]) -> Interval:
    """Return the median of each round's ratio, and how far it may be off. Both have the rounds of
    each pair of processes.
    """
    ratios = [
        [one / other for one, other in zip(*pair, strict=True)]
        for pair in zip(here, there, strict=True)
    ]
    draw = Random(1).choices
    drawn = sorted(
        median(chain(*(draw(pair, k=len(pair)) for pair in draw(ratios, k=len(ratios)))))
        for _drawing in range(DRAWINGS)
    )
    outside = int(DRAWINGS * OUTSIDE)
    return Interval(median(chain(*ratios)), drawn[outside], drawn[-outside - 1])


def table(name: str, costs: Costs) -> Iterator[tuple[tuple[str, ...], Interval]]:
    """Yield a row's lines, one for each other revision, with the ratio of this checkout to it."""
    here = costs[""]
    for revision, there in costs.items():
        if revision == "":
            continue
        app = ratio(*([[cost.app for cost in pair] for pair in costs] for costs in (here, there)))
        medians = [
            [f"{median(parts):.2f}" for parts in zip(*chain(*costs), strict=True)]
            for costs in (here, there)
        ]
        yield (
            (
                name,
                revision,
                *(app_ms for app_ms, _database in medians),
                f"{app.middle:.3f}",
                f"{app.least:.3f} to {app.most:.3f}",
                " and ".join(database for _app, database in medians),
                f"{len(here)} × {len(here[0])}",
                app.verdict,
            ),
            app,
        )


HEAD = (
    "row",
    "beside",
    "app ms",
    "app ms there",
    "ratio",
    "95 %",
    "PostgreSQL ms here and there",
    "rounds",
    "",
)


@contextmanager
def checked_out(
    revisions: Sequence[str], folder: Path, repository: Path = ROOT
) -> Iterator[dict[str, Path]]:
    """Yield a checkout of each revision, by its name, for the duration of the block."""

    def worktree(*words: str) -> None:
        subprocess.run(["git", "worktree", *words], cwd=repository, check=True)

    checkouts: dict[str, Path] = {}
    try:
        for number, revision in enumerate(revisions):
            checkout = folder / f"revision-{number}"
            worktree("add", "--quiet", "--detach", str(checkout), revision)
            checkouts[revision] = checkout
        yield checkouts
    finally:
        for checkout in checkouts.values():
            worktree("remove", "--force", str(checkout))
