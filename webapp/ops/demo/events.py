"""The programme of events: created, published, answered, and some cancelled or in the past."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from ...accounts.models import User
from ...attendance import approvals, rsvps, rsvps_by_host
from ...attendance.registration import answers, questions, tickets
from ...attendance.registration.answers import RegistrationAnswers
from ...attendance.registration.form import registration_form
from ...attendance.registration.questions import Choice
from ...core.text.strings import slugify
from ...core.time import clock, time_zones
from ...events import planning
from ...events.models import EVERYONE, GROUP, MAYBE, NOT_GOING, ON_SITE, Event
from ...groups import reads as group_reads
from ...groups.models import OPEN, Group
from . import people, texts, world
from .groups import Groups
from .people import Cast

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TEXTS = texts.load("events")
#: The event that asks questions, and its tickets and questions.
KEY, ASKED = "paddle", TEXTS["registration"]
#: The waiting list of the seed swap, in this order.
QUEUE = TEXTS["waiting_for_seeds"]

Events = dict[str, Event]


@dataclass(frozen=True)
class Occasion:
    """An event: its host, its time, and its attendees.

    It begins on the next such `day`, `weeks` later, or was `ago` days ago, or began `hours_ago`;
    `lasts` is in hours. `parties` are the sizes of answers, `first` names the first people. `maybe`
    more answer Maybe, and `regrets` more can't go. `guests` answer without an account.
    """

    key: str
    host: str
    title: str
    summary: str
    description: str
    lasts: float
    values: dict[str, Any]
    begins: str = "00:00"
    group: str = ""
    topic: str = ""
    day: str = ""
    weeks: int = 0
    ago: int = 0
    hours_ago: int = 0
    parties: Sequence[int] = ()
    maybe: int = 0
    regrets: int = 0
    zone: str = ""
    first: Sequence[str] = ()
    guests: Sequence[str] = ()
    state: str = "published"
    reason: str = ""


def create(cast: Cast, groups: Groups, chance: random.Random) -> Events:
    """Create every event of the programme."""
    programme = texts.rows(Occasion, TEXTS["programme"])
    made = {occasion.key: hold(occasion, cast, groups, chance) for occasion in programme}
    _pass_on_seats(made["seeds"], cast)
    return made


def hold(occasion: Occasion, cast: Cast, groups: Groups, chance: random.Random) -> Event:
    """Create the event, published some days before it began or before today, and let people answer
    one after the other.
    """
    host, group = cast[occasion.host], groups.get(occasion.group)
    zone = occasion.zone or (group.zone if group else people.LONDON)
    is_over = occasion.ago or occasion.hours_ago
    since = world.ago(days=occasion.ago + 10 if is_over else chance.randrange(4, 9))
    topics = world.topics([occasion.topic])  # a site may have its own
    with world.at(since - timedelta(hours=20)):
        event = world.event(
            host,
            group,
            _start(occasion, zone),
            occasion.lasts,
            title=occasion.title,
            summary=occasion.summary,
            description=occasion.description,
            zone=zone,
            audience=EVERYONE if group is None or group.visibility == OPEN else GROUP,
            category_id=topics[0].id if topics else None,
            **occasion.values,
        )
    if occasion.state == "draft":
        return event
    with world.at(since):
        planning.publish(event, by=host)
        if occasion.key == KEY:
            _prepare(event)
    steps = [*_answers(event, occasion, _guests(occasion, cast, group, chance), chance)]
    if occasion.key == KEY:
        steps.append(partial(_let_come, event, cast, chance))
    steps += (partial(world.guest, event, name, guest_address(name)) for name in occasion.guests)
    until = min(clock.now(), event.starts_at)
    for moment, step in zip(world.spread(since, until, len(steps)), steps, strict=True):
        with world.at(moment):
            step()
    if occasion.state == "cancelled":
        with world.at(world.ago(hours=20)):
            planning.cancel(event, by=host, reason=occasion.reason)
    return event


def _start(occasion: Occasion, zone: str) -> datetime:
    """Return the local start time: on the next such weekday after today in the zone, `weeks`
    later; or in the past.
    """
    now = datetime.now(UTC)
    wall = time_zones.wall(now, zone)
    if occasion.hours_ago:
        return wall.replace(minute=0, second=0, microsecond=0) - timedelta(hours=occasion.hours_ago)
    days = -occasion.ago
    if not occasion.ago:
        weekday = WEEKDAYS.index(occasion.day)
        days = 1 + (weekday - wall.weekday() - 1) % 7 + 7 * occasion.weeks
    hours, minutes = map(int, occasion.begins.split(":"))
    today = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=days, hours=hours, minutes=minutes)


def _guests(
    occasion: Occasion, cast: Cast, group: Group | None, chance: random.Random
) -> list[User]:
    """Return who answers, in order: the host, those named first, then members in random order.

    Without a group everyone takes part. People on the seed swap's waiting list answer later.
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


def _answers(
    event: Event, occasion: Occasion, guests: list[User], chance: random.Random
) -> list[Callable[[], Any]]:
    """Return what lets each of them answer."""
    answers: list[dict[str, Any]] = [{"party": party} for party in occasion.parties]
    answers += [{"state": MAYBE}] * occasion.maybe + [{"state": NOT_GOING}] * occasion.regrets
    return [
        partial(_answer, event, person, chance, answer)
        for person, answer in zip(guests, answers, strict=False)
    ]


def _answer(event: Event, person: User, chance: random.Random, answer: dict[str, Any]) -> None:
    rsvps.answer(event, by=person, details=_details(event, chance), **answer)


def guest_address(name: str) -> str:
    """Return the email address of someone without an account."""
    return f"{slugify(name)}@{people.DOMAIN}"


def _pass_on_seats(event: Event, cast: Cast) -> None:
    """Fill the waiting list of the seed swap; then free two seats, which are offered to the
    first.
    """
    moments = world.spread(world.ago(days=2), clock.now(), len(QUEUE))
    for name, moment in zip(QUEUE, moments, strict=True):
        with world.at(moment):
            rsvps.answer(event, by=cast[name], party=2 if name == people.MEMBER else 1)
    rsvps.withdraw(event, by=_with_two_seats(event, cast))


def _with_two_seats(event: Event, cast: Cast) -> User:
    going = (
        (person, rsvps.of(event, person)) for person in cast.values() if person.id != event.owner_id
    )
    return next(
        person for person, row in going if row is not None and row.party == 2 and row.holds_seats
    )


def _prepare(event: Event) -> None:
    """Add tickets and questions before anyone answers."""
    host = event.owner
    for ticket in ASKED["tickets"]:
        tickets.add(
            event, by=host, price=ON_SITE, currency="NZD", opens=None, closes=None, **ticket
        )
    for question in ASKED["questions"]:
        choices = [Choice(None, *choice) for choice in question.get("choices", ())]
        questions.add(event, by=host, **{**question, "choices": choices})


def _details(event: Event, chance: random.Random) -> RegistrationAnswers | None:
    """Return random answers to the event's questions; None if it has none."""
    if not event.has_registration_form:
        return None
    registration = registration_form(event)
    waka, diet, swims = registration.questions
    boats = [boat for boat in registration.choices[waka.id] if boat.free is None or boat.free > 2]
    given = {
        waka.id: chance.choice(boats).id,
        diet.id: chance.choice(ASKED["diets"]),
        swims.id: True,
    }
    return RegistrationAnswers(chance.choice(registration.tickets).id, given, registration.digest)


def _let_come(event: Event, cast: Cast, chance: random.Random) -> None:
    """Approve all requests so far and answer for someone; then add two more requests that wait."""
    host = event.owner
    for row in answers.requests(event):
        approvals.approve(event, row.id, by=host)
    busy = (people.ADMIN, people.ORGANIZER, people.MEMBER)
    others = [
        person
        for person in cast.values()
        if person.name not in busy and rsvps.of(event, person) is None
    ]
    by_phone, *later = others[:3]
    rsvps_by_host.answer_for(
        event, by=host, who=by_phone, ticket=registration_form(event).tickets[0].id
    )
    for person in later:
        rsvps.answer(event, by=person, details=_details(event, chance))
