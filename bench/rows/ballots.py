"""Ballots: in many votes, and in one."""

from collections.abc import Iterator
from itertools import chain, zip_longest

from ..bench import Bench, Place
from ..data import votes
from ..forms import ballot
from ..load import Failed
from ..results import Result, share
from . import row
from .answers import WRITE


def spread(place: Place) -> Iterator[bytes]:
    """Yield a ballot of each voter; consecutive ones are cast in different votes."""
    chosen = votes.all_of(place.site.size)[1 : 1 + place.site.size.spread]
    lines = [[(vote.number, person) for person in vote.roll] for vote in chosen]
    for number, person in filter(None, chain.from_iterable(zip_longest(*lines))):
        yield _first(place, number, person)


def hot(place: Place) -> Iterator[bytes]:
    """Yield a ballot of each voter in the hot vote, without the reader."""
    for person in votes.all_of(place.site.size)[votes.HOT].roll[1:]:
        yield _first(place, votes.HOT, person)


def _first(place: Place, number: int, person: int) -> bytes:
    return ballot(place, person - 1, number, 1 + person % len(votes.OPTIONS))


def checked(bench: Bench, requests: Iterator[bytes]) -> Result:
    """Cast the ballots; check that none is lost and that each vote's count is right."""
    place = bench.large
    ask = place.site.ask
    before = ask("SELECT count(*) FROM ballot")
    result, sent = bench.changes(place, requests, warm=True)
    found = ask("SELECT count(*) FROM ballot") - before
    wrong = ask(
        "SELECT count(*) FROM vote WHERE ballot_count <> (SELECT count(*) FROM ballot WHERE "
        "vote_id = vote.id)"
    )
    if found != sent or wrong:
        raise Failed(
            f"{sent} people voted, {found} ballots are there, {wrong} votes have miscounted"
        )
    result.note = f"{sent} ballots, as many as people"
    return result


@row("ballot, many votes", share(0.08), *WRITE)
def many(bench: Bench) -> Result:
    """300 votes with 100 voters each."""
    return checked(bench, spread(bench.large))


@row("ballot, one vote", share(0.04))
def one(bench: Bench) -> Result:
    """One vote with 5,000 voters."""
    return checked(bench, hot(bench.large))
