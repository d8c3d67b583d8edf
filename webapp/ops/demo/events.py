"""The programme comes about: planned, published, answered, and where it says so over or called
off.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from ...accounts.models import User
from ...attendance import approvals, guests, rsvps, rsvps_by_host
from ...attendance.registration import answers, questions, tickets
from ...attendance.registration.answers import Details
from ...attendance.registration.form import asked_at
from ...attendance.registration.questions import Choice
from ...core.extensions import db
from ...core.text.strings import slugify
from ...core.time import clock, time_zones
from ...events import change_notices, planning
from ...events.event_input import EventInput
from ...events.models import CHECKBOX, CHOICE, DOOR, EVERYONE, GROUP, LONG, MAYBE, NOT_GOING, Event
from ...groups import reads as group_reads
from ...groups.models import OPEN, Group
from . import past, people
from .event_texts import PROGRAMME, Occasion
from .groups import Groups
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
    """What someone says with their answer; nothing where nothing is asked."""
    if not event.asks:
        return None
    asked = asked_at(event)
    waka, diet, swims = asked.questions
    boats = [boat for boat in asked.choices[waka.id] if boat.free is None or boat.free > 2]
    given = {waka.id: chance.choice(boats).id, diet.id: chance.choice(DIETS), swims.id: True}
    return Details(chance.choice(asked.tickets).id, given, asked.digest)


def let_come(event: Event, cast: Cast, chance: random.Random) -> None:
    """The host says yes to all so far, and answers for someone; then others ask, and wait for
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


Events = dict[str, Event]
#: Who waits for the seed swap, in this order.
QUEUE = (people.MEMBER, people.ADMIN, "Hana Ngata", "Inês Carvalho")
#: Who answers without an account.
GUESTS = {
    "ride": ("Moses Wanjala",),
    "clean-up": ("Mere Tūpou", "Oskar Lind"),
    "release": ("Oskar Lind",),
}
#: A past event is first planned for then, and moved.
FOR_NOW = 30


def create(cast: Cast, groups: Groups, chance: random.Random) -> Events:
    """Every event of the programme stands as it says."""
    made = {occasion.key: hold(occasion, cast, groups, chance) for occasion in PROGRAMME}
    _pass_on_seats(made["seeds"], cast)
    return made


def hold(occasion: Occasion, cast: Cast, groups: Groups, chance: random.Random) -> Event:
    """The event stands as the occasion says, with the answers that it got."""
    host, group = cast[occasion.host], groups.get(occasion.group)
    event = planning.create(_plan(occasion, group), by=host, group=group)
    if occasion.state == "draft":
        return event
    planning.publish(event, by=host)
    tell()
    if occasion.key == KEY:
        prepare(event, cast)
    _answer(event, occasion, _guests(occasion, cast, group, chance), chance)
    if occasion.key == KEY:
        let_come(event, cast, chance)
    _without_account(event, GUESTS.get(occasion.key, ()))
    if occasion.ago:
        past.took_place(event, occasion.ago)
        return event
    past.announced(event, chance.randrange(4, 9))
    if occasion.state == "cancelled":
        planning.cancel(event, by=host, reason=occasion.reason)
        tell()
    return event


def tell() -> None:
    """What the job does with what people are to be told, within this transaction."""
    for news_id in change_notices.due(clock.now()):
        while change_notices.step(news_id):
            pass
    db.session.flush()


def _plan(occasion: Occasion, group: Group | None) -> EventInput:
    zone = occasion.zone or (group.zone if group else people.LONDON)
    starts = _start(occasion, zone)
    return EventInput(
        title=occasion.title,
        summary=occasion.summary,
        description=occasion.description,
        zone=zone,
        starts=starts,
        ends=starts + timedelta(hours=occasion.lasts),
        starts_fold=0,
        ends_fold=0,
        audience=EVERYONE if group is None or group.visibility == OPEN else GROUP,
        **occasion.more,
    )


def _start(occasion: Occasion, zone: str) -> datetime:
    """The wall time: the next such weekday after today by the zone's clocks, and so many weeks
    later.
    """
    today = time_zones.wall(clock.now(), zone).replace(hour=0, minute=0, second=0, microsecond=0)
    weekday, weeks = occasion.day
    days = FOR_NOW if occasion.ago else 1 + (weekday - today.weekday() - 1) % 7 + 7 * weeks
    return today + timedelta(days=days, hours=occasion.begins[0], minutes=occasion.begins[1])


def _guests(
    occasion: Occasion, cast: Cast, group: Group | None, chance: random.Random
) -> list[User]:
    """The host, those named first, then members of the group (of the whole demo where there is
    none) in a random order.

    The seed swap is answered later by those who should are in its queue.
    """
    members = (
        group_reads.members(group)
        if group
        else sorted(cast.values(), key=lambda person: person.handle)
    )
    first = (occasion.host, *occasion.first)
    kept_back = QUEUE if occasion.key == "seeds" else ()
    others = [person for person in members if person.name not in {*first, *kept_back}]
    chance.shuffle(others)
    return [cast[name] for name in first] + others


def _answer(event: Event, occasion: Occasion, guests: list[User], chance: random.Random) -> None:
    answers: list[dict[str, Any]] = [{"party": party} for party in occasion.parties]
    answers += [{"state": MAYBE}] * occasion.maybe + [{"state": NOT_GOING}] * occasion.regrets
    for person, answer in zip(guests, answers, strict=False):
        rsvps.answer(event, by=person, details=details(event, chance), **answer)


def _without_account(event: Event, names: Sequence[str]) -> None:
    """These answered by the link that was mailed to them."""
    for name in names:
        email = mailed_at(name)
        guests.ask(event, guests.NewGuest(name, email, zone=event.zone))
        guest = guests.of(event, email)
        assert guest is not None
        guests.answer(guest)


def mailed_at(name: str) -> str:
    """The address of someone without an account."""
    return f"{slugify(name)}@{people.DOMAIN}"


def _pass_on_seats(event: Event, cast: Cast) -> None:
    """The seed swap is full and has a queue; two seats have just come free and are held for the
    first in it.
    """
    for name in QUEUE:
        rsvps.answer(event, by=cast[name], party=2 if name == people.MEMBER else 1)
    rsvps.withdraw(event, by=_with_two_seats(event, cast))
    db.session.flush()


def _with_two_seats(event: Event, cast: Cast) -> User:
    going = (
        (person, rsvps.of(event, person)) for person in cast.values() if person.id != event.owner_id
    )
    return next(
        person for person, row in going if row is not None and row.party == 2 and row.holds_seats
    )
