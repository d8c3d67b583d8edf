"""How often functions of webapp hand an event on to each other. An answer or a view carries it:
a module that only passes it along is a step that readers follow for nothing.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NamedTuple

import pytest

from tests import factories
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.events.models import GOING, NOT_GOING, Event

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


class HandOn(NamedTuple):
    """A call that passes an event: the functions of both ends, as “module.function”."""

    giver: str
    taker: str

    @property
    def is_between_modules(self) -> bool:
        return self.giver.split(":")[0] != self.taker.split(":")[0]


def name_of(frame: FrameType | None) -> str:
    """Return “webapp.module:function”, or "" for code that isn't of webapp."""
    module = frame.f_globals.get("__name__", "") if frame is not None else ""
    return f"{module}:{frame.f_code.co_name}" if module.startswith("webapp.") else ""


def takes_event(frame: FrameType) -> bool:
    """Whether an argument of this call is an event; methods of the event itself don't count."""
    given = [frame.f_locals.get(name) for name in frame.f_code.co_varnames]
    if "self" in frame.f_code.co_varnames[:1] and isinstance(given[0], Event):
        return False
    more = [it for value in given if type(value) is tuple for it in value]
    more += [it for value in given if type(value) is dict for it in value.values()]
    return any(isinstance(value, Event) for value in [*given, *more])


def hand_ons_of(act: Callable[[], Any]) -> list[HandOn]:
    """Return the calls during `act` in which one function of webapp passes an event to another."""
    found: list[HandOn] = []

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        giver, taker = name_of(frame.f_back), name_of(frame)
        if event == "call" and giver and taker and takes_event(frame):
            found.append(HandOn(giver, taker))

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return found


@pytest.fixture
def event(ana, ben, cem):
    """An event of Ana's group. Ben has its only seat, and Cem waits for it."""
    event = factories.event(ana, factories.group(ana, ben, cem), capacity=1)
    for person in (ben, cem):
        rsvps.answer(event, by=person)
        db.session.commit()
    return event


def test_an_answer_hands_its_event_on_at_most_50_times(event, ben, cem, browser):
    page = browser(ben)
    page.get(event.path)
    answer = {"answer": NOT_GOING, "party": 1, "csrf_token": page.csrf_token()}

    found = hand_ons_of(lambda: page.post(f"{event.path}/rsvp", answer))

    assert rsvps.of(event, cem).state == GOING
    assert 0 < len(found) <= 50, found


def test_an_events_page_hands_its_event_on_at_most_30_times_between_modules(event, ben, browser):
    page = browser(ben)
    page.get(event.path)

    found = [it for it in hand_ons_of(lambda: page.get(event.path)) if it.is_between_modules]

    assert 0 < len(found) <= 30, found
