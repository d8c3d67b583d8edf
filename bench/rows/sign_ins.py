"""Signing in, compared with the password hash alone; and pages while many others sign in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from webapp.accounts import credentials

from .. import hashes, load
from ..bench import Bench, Place, Watch
from ..data import people
from ..load import Failed, Load, post
from ..results import Result, at_least, figure
from ..sites import address_of
from . import row
from .pages import EVENT

#: People who keep reading meanwhile.
READERS = 8
#: Requests that one process accepts for hashing at the same time; it may get all of them.
ALL_LET_IN = credentials.AT_ONCE + credentials.WAITING
#: The statuses of a sign-in: accepted, or asked to try again later because there are too many.
LET_IN, LATER = 303, 503


def everyone(place: Place, first: int) -> Iterator[bytes]:
    """Yield a sign-in of each person from number `first` on, each from another IP address."""
    stranger = place.site.stranger()
    for person in range(first, place.site.size.people):
        fields = {
            "csrf_token": stranger.csrf,
            "name": people.email_of(person),
            "password": people.PASSWORD,
            "next": "/",
        }
        headers = place.headers(stranger) | {"X-Forwarded-For": address_of(person)}
        yield post("/sign-in", urlencode(fields), headers)


@row("sign-in", at_least("share", 0.8, "≥ 0.8 of the hash alone"))
def sign_in(bench: Bench) -> Result:
    """Let people with accounts sign in, each to their own."""
    place = bench.large
    alone = hashes.rate(len(place.server.workers()), bench.seconds)
    before = place.site.ask("SELECT count(*) FROM sign_in")
    result, sent = bench.changes(place, everyone(place, place.site.size.drivers), ALL_LET_IN)
    made = place.site.ask("SELECT count(*) FROM sign_in") - before
    if made != sent:
        raise Failed(f"{sent} people signed in, {made} sign-ins are there")
    result.figures["share"] = (result.rate or 0) / alone
    result.note = f"{result.figures['share']:.2f} of the hash alone ({alone:.0f}/s)"
    return result


@row("event page while others sign in", figure("times", 2, "p99 ≤ 2 times"))
def flood(bench: Bench) -> Result:
    """Let eight people read a page, alone and while 32 connections sign in without a pause."""
    place = bench.large
    place.server.rest()
    alone = _read(place, bench.seconds)
    constant = place.constant()
    first = place.site.size.people // 2
    with ThreadPoolExecutor(1) as pool:
        others = pool.submit(load.send, place.port, everyone(place, first), bench.seconds + 2)
        load.read(place.site.address + EVENT, place.headers(None), 1, READERS)
        watch = Watch(place.server)
        found = _read(place, bench.seconds)
        signed_in = others.result()
    if LET_IN not in signed_in.statuses or not set(signed_in.statuses) <= {LET_IN, LATER}:
        raise Failed(f"sign-ins were answered with {dict(signed_in.statuses)}")
    result = watch.result(found, constant)
    result.cpu = result.database_cpu = None  # they would include the hashes
    result.figures["times"] = found.p99 / alone.p99
    let_in, later = (signed_in.statuses.get(status, 0) for status in (LET_IN, LATER))
    beside = f"{let_in / signed_in.seconds:.0f} sign-ins/s beside, {later} told to come again"
    result.note = f"p99 {found.p99 / alone.p99:.1f} times ({alone.p99:.0f} ms alone), {beside}"
    return result


def _read(place: Place, seconds: float) -> Load:
    return load.read(place.site.address + EVENT, place.headers(None), seconds, READERS)
