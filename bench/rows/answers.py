"""Answers to events: each person to another event, and all to the same."""

from collections.abc import Iterator

from ..bench import Bench, Place
from ..data import events
from ..data.sizes import HOT_SEATS
from ..forms import rsvp
from ..load import Failed
from ..results import Result, cpu, database_cpu, share, statements
from . import row


def spread(place: Place) -> Iterator[bytes]:
    """Yield answers of each person to one event after the other; consecutive ones differ in their
    event.
    """
    people, size = place.drivers, place.site.size
    for number in range(len(people) * size.spread):
        turn, person = divmod(number, len(people))
        yield rsvp(place, person, events.SPREAD + (person + turn) % size.spread)


def hot(place: Place) -> Iterator[bytes]:
    """Yield an answer of each person to the same event."""
    for person in range(len(place.drivers)):
        yield rsvp(place, person, events.HOT)


#: Targets of writes.
WRITE = (statements(8), cpu(8), database_cpu(2))
COUNTED = """
    SELECT count(*) FROM rsvp JOIN event ON event.id = rsvp.event_id
    WHERE event.slug LIKE :slug AND {where}
"""
LAST = (
    "SELECT max(rsvp.position) FROM rsvp JOIN event ON event.id = rsvp.event_id WHERE event.slug = "
    ":slug"
)


def count(place: Place, slug: str, where: str = "true") -> int:
    """Return the number of answers in the database to events whose slugs match the LIKE pattern
    `slug`.
    """
    return place.site.ask(COUNTED.format(where=where), slug=slug)


@row("answering, each another event", share(0.08), *WRITE)
def each_another(bench: Bench) -> Result:
    """Answer 300 events without a limit; check that no answer is lost and each event's count is
    right.
    """
    place = bench.large
    everywhere = "event-%"
    before = count(place, everywhere)
    result, sent = bench.changes(place, spread(place), warm=True)
    found = count(place, everywhere) - before
    if found != sent:
        raise Failed(f"{sent} people answered, {found} answers are there")
    _refuse_wrong_counts(place)
    result.note = f"{sent} answers, none lost"
    return result


@row("answering, all the same event", share(0.04))
def all_the_same(bench: Bench) -> Result:
    """Answer one event with few seats.

    Check that all seats are taken, that the others are on the waiting list without a gap, and that
    there are any.
    """
    place, slug = bench.large, events.slug_of(events.HOT)
    result, sent = bench.changes(place, hot(place), warm=True)
    going, waiting = (
        count(place, slug, f"rsvp.state = '{state}'") for state in ("going", "waiting")
    )
    last = place.site.ask(LAST, slug=slug)
    if (going, waiting) != (min(sent, HOT_SEATS), max(0, sent - HOT_SEATS)) or (
        last or 0
    ) != waiting:
        raise Failed(
            f"{sent} people answered: {going} are going to {HOT_SEATS} seats, {waiting} wait, the "
            f"last as number {last}"
        )
    if not waiting:
        raise Failed(f"{sent} answers to {HOT_SEATS} seats prove nothing about the queue")
    _refuse_wrong_counts(place)
    result.note = f"{going} going, {waiting} wait, none lost, none oversold"
    return result


def _refuse_wrong_counts(place: Place) -> None:
    going = "(SELECT count(*) FROM rsvp WHERE event_id = event.id AND state = 'going')"
    wrong = place.site.ask(f"SELECT count(*) FROM event WHERE seats_taken <> {going}")
    if wrong:
        raise Failed(f"{wrong} events have miscounted")
