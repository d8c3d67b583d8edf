"""Votes of every kind: casting ballots, and the results of 10,000 ballots over ten options, before
and after closing.
"""

from collections.abc import Iterator
from random import Random
from urllib.parse import urlencode

from webapp.voting.tally.rules import CHOICE, CHOICES, KINDS, WORD

from ..bench import Bench, Place
from ..data import votes_of_every_kind as every_kind
from ..load import post
from ..results import Result, cpu, share, statements
from . import row
from .ballots import checked

#: Before closing, every request counts again: the database groups equal ballots, Python counts the
#: groups.
LIVE = (statements(12), cpu(250))
#: After closing, the saved outcome is read.
KEPT = (statements(12), cpu(15))


@row("ballot, each kind in turn", share(0.04))
def cast(bench: Bench) -> Result:
    """Ten votes with 5,000 voters each; each person casts a ballot in all of them, one after the
    other.
    """
    return checked(bench, in_turn(bench.large))


def in_turn(place: Place) -> Iterator[bytes]:
    """Yield a ballot of each voter in each vote."""
    throw = Random(1)
    votes = [vote for vote in every_kind.all_of(place.site.size) if vote.state == every_kind.CAST]
    for person in every_kind.roll_of(votes[0], place.site.size):
        visitor = place.drivers[person - 1]
        for vote in votes:
            entered = fields(vote.kind, every_kind.marks(vote.kind, throw))
            body = urlencode([("csrf_token", visitor.csrf), ("version", "1"), *entered])
            yield post(f"/votes/{vote.slug}/ballot", body, place.headers(visitor))


def fields(kind: str, marks: list[tuple[int, str]]) -> list[tuple[str, str]]:
    """Return the marks as fields of the ballot's form."""
    ballot = KINDS[kind].ballot
    if ballot == WORD:
        return [("choice", answer) for _option, answer in marks]
    return [
        ("choice", str(number)) if ballot in (CHOICE, CHOICES) else (f"mark-{number}", value)
        for number, value in marks
    ]


def result_of(kind: str, state: str) -> None:
    """Register the row of this vote's page."""
    targets, when = (
        (LIVE, "before closing") if state == every_kind.OPEN else (KEPT, "after closing")
    )

    @row(f"result of 10,000: {kind}, {when}", *targets)
    def page(bench: Bench) -> Result:
        vote = next(
            one
            for one in every_kind.all_of(bench.wide.site.size)
            if (one.kind, one.state) == (kind, state)
        )
        path, says = f"/votes/{vote.slug}", every_kind.title_of(vote)
        seconds = max(1, bench.seconds / 2)  # shorter, because there are many of these rows
        return bench.page(bench.wide, path, says, bench.wide.reader, seconds=seconds)


for _kind in KINDS:
    for _state in (every_kind.OPEN, every_kind.CLOSED):
        result_of(_kind, _state)
