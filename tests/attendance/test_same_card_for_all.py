"""Members, guests and visitors read the same of the same event: one part draws their cards."""

import json

import pytest

from tests import factories
from tests.attendance import checking_in
from tests.events import question
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.events.models import GOING, MAYBE, NOT_GOING, OFFER

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]

OPEN, FULL = {}, {"capacity": 1}
EVENTS = {
    "room for all": (OPEN, "I’m going"),
    "seats left": ({"capacity": 4}, "I’m going"),
    "full": (FULL, "Join waiting list"),
    "approval": ({"requires_approval": True}, "Request to join"),
    "full and approval": (FULL | {"requires_approval": True}, "Request to join"),
    "full with questions": (FULL | {"asks": True}, "Join waiting list"),
}


def planned(owner, asks=False, **values):
    """Create an event, which is full if it has one seat."""
    event = factories.event(owner, allows_guests=True, **values)
    if asks:
        question(event, "Vegetarian?", "checkbox")
    if values.get("capacity") == 1:
        rsvps.answer(event, by=owner)
    db.session.commit()
    return event


def main_button(tab):
    """Return the label of the bar's main button."""
    bar = tab.page.find(id="answer-bar")
    return bar.select_one(".btn.main").get_text(strip=True)


def hint_of(tab):
    """Return what the card says of the seats before one answers."""
    form = tab.page.find(id="rsvp")
    return " ".join(form.select_one(".hint:not([id$=anonymous-hint])").get_text().split())


@pytest.mark.parametrize("about", EVENTS)
def test_all_readers_get_the_same_button_and_hint(browser, ana, ben, about):
    values, label = EVENTS[about]
    event = planned(ana, **values)
    pages = {"visitor": event.path, "member": event.path}
    pages["guest"] = checking_in.path(checking_in.asked(event))
    labels, hints = {}, {}
    for reader, path in pages.items():
        tab = browser(ben if reader == "member" else None)
        tab.get(path)
        labels[reader] = main_button(tab)
        if "capacity" in values or "requires_approval" in values:
            hints[reader] = hint_of(tab)

    assert labels == dict.fromkeys(pages, label)
    assert len(set(hints.values())) <= 1, hints


@pytest.mark.parametrize("allows_guests", [True, False])
def test_visitors_sign_in_for_what_they_can_get(visitor, ana, allows_guests):
    event = planned(ana, **FULL)
    event.allows_guests = allows_guests
    db.session.commit()
    visitor.get(event.path)
    links = [link.get_text() for link in visitor.page.select("#rsvp .btn")]
    assert links[0] == "Sign in to join the waiting list"
    assert main_button(visitor) == "Join waiting list"
    assert "I’m going" not in visitor.text


@pytest.mark.parametrize("state", [GOING, MAYBE, NOT_GOING])
def test_whoever_has_answered_saves_the_answer(browser, ana, ben, state):
    event = planned(ana)
    rsvps.answer(event, by=ben, state=state)
    guest = checking_in.guest(event, state=state)
    for person, path in ((ben, event.path), (None, checking_in.path(guest))):
        tab = browser(person)
        tab.get(path)
        button = tab.page.find(id="rsvp-send")
        assert button.get_text() == "Save answer"
        says = json.loads(button["data-says"])
        assert says["going-1" if state == GOING else state] == "Save answer"
        scripts = " ".join(script.get("src", "") for script in tab.page.find_all("script"))
        assert "js/event" in scripts or "js/rsvp" in scripts, "it names what each choice does"


def test_everyone_reads_how_many_seats_are_held(browser, ana, ben, cem):
    """Otherwise “1 going” and “2 of 2 seats taken” don't agree."""
    event = planned(ana, capacity=2, promotion=OFFER)
    for person in (ana, ben, cem):
        rsvps.answer(event, by=person)
    rsvps.withdraw(event, by=ben)
    db.session.commit()
    guest = checking_in.guest(event, state=NOT_GOING)

    for person, path in ((ben, event.path), (None, event.path), (None, checking_in.path(guest))):
        tab = browser(person)
        tab.get(path)
        assert "We’re holding 1 seat for someone on the waiting list." in tab.text
