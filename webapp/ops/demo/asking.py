"""What hosts of the demo ask of those who come: tickets, questions, and whether they may."""

import random
from typing import Any

from ...attendance import approvals, rsvps, rsvps_by_host
from ...attendance.registration import answers, questions, tickets
from ...attendance.registration.answers import Details
from ...attendance.registration.form import asked_at
from ...attendance.registration.questions import Choice
from ...events.models import CHECKBOX, CHOICE, DOOR, LONG, Event
from . import people
from .people import Cast

#: The event at which all of this is asked.
KEY = "paddle"
HOST = "Aroha Tamatea"
DIETS = (
    "",
    "No shellfish, please.",
    "",
    "Vegetarian.",
    "",
    "Nothing with nuts: I carry a pen.",
    "",
)


def prepare(event: Event, cast: Cast) -> None:
    """The event asks this before anybody answers."""
    host = cast[HOST]
    ticket: dict[str, Any] = {"price": DOOR, "currency": "NZD", "opens": None, "closes": None}
    tickets.add(event, by=host, words="Food and camp", amount=6000, places=None, **ticket)
    tickets.add(event, by=host, words="Food and camp, reduced", amount=3500, places=3, **ticket)
    plain: dict[str, Any] = {"choices": [], "is_required": False}
    boats = [
        Choice(None, "Kōtuku, the steady one", 4),
        Choice(None, "Tuna, the quick one", 2),
        Choice(None, "Whichever is free", None),
    ]
    questions.add(
        event,
        by=host,
        words="Which waka would you like?",
        kind=CHOICE,
        **{**plain, "choices": boats},
    )
    questions.add(
        event, by=host, words="Is there something that you do not eat?", kind=LONG, **plain
    )
    questions.add(
        event,
        by=host,
        words="I can swim fifty metres in cold water",
        kind=CHECKBOX,
        **{**plain, "is_required": True},
    )


def details(event: Event, chance: random.Random) -> Details | None:
    """What somebody says with their answer; nothing where nothing is asked."""
    if not event.asks:
        return None
    asked = asked_at(event)
    waka, diet, swims = asked.questions
    boats = [boat for boat in asked.choices[waka.id] if boat.free is None or boat.free > 2]
    given = {waka.id: chance.choice(boats).id, diet.id: chance.choice(DIETS), swims.id: True}
    return Details(chance.choice(asked.tickets).id, given, asked.digest)


def let_come(event: Event, cast: Cast, chance: random.Random) -> None:
    """The host says yes to all so far, and answers for somebody; then others ask, and wait for
    an answer.
    """
    host = cast[HOST]
    for row in answers.asking(event):
        approvals.approve(event, row.id, by=host)
    busy = (people.ADMIN, people.ORGANIZER, people.MEMBER)
    others = [
        person
        for person in cast.values()
        if person.name not in busy and rsvps.of(event, person) is None
    ]
    by_phone, *later = others[:3]
    rsvps_by_host.answer_for(event, by=host, who=by_phone, ticket=asked_at(event).tickets[0].id)
    for person in later:
        rsvps.answer(event, by=person, details=details(event, chance))
