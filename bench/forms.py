"""Forms as browsers send them."""

from .bench import Place
from .data import events, talk, votes
from .load import post


def rsvp(place: Place, person: int, event: int, answer: str = "going") -> bytes:
    """Return a driver's answer to an event."""
    visitor = place.drivers[person]
    body = f"csrf_token={visitor.csrf}&answer={answer}&party=1"
    return post(f"/events/{events.slug_of(event)}/rsvp", body, place.headers(visitor))


def ballot(place: Place, person: int, vote: int, choice: int) -> bytes:
    """Return a driver's ballot for one option, by its number from 1."""
    visitor = place.drivers[person]
    body = f"csrf_token={visitor.csrf}&choice={choice}&version=1"
    return post(f"/votes/{votes.slug_of(vote)}/ballot", body, place.headers(visitor))


def reply(place: Place, person: int) -> bytes:
    """Return a driver's reply in the short thread."""
    visitor = place.drivers[person]
    body = f"csrf_token={visitor.csrf}&body=It+still+squeaks."
    return post(f"{talk.path_of(talk.SHORT)}/replies", body, place.headers(visitor))
