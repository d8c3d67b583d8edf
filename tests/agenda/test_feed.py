"""Sessions in a personal calendar feed: one item each, until cancelled."""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from tests.agenda import FIRST, conference, going, plan, room, session, speaker
from tests.events import calendars
from webapp.agenda import bookings, sessions
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.events import planning
from webapp.events.calendar import subscriptions

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana, ben):
    made = conference(ana, venue="The mill")
    going(made, (ben, 2), ana)
    return made


@pytest.fixture
def bread(event, ben):
    made = session(event, "Bread", room=room(event), speakers=[speaker(event)], capacity=2)
    book(made, ben)
    return made


@pytest.fixture
def read(visitor, ben):
    """Return Ben's calendar as both parsers read it, which must agree: each entry by its title."""

    def read(group=None):
        path = subscriptions.path(subscriptions.create(ben, group))
        db.session.commit()
        data = visitor.get(path).data
        calendars.lines(data)
        found = {str(entry["SUMMARY"]): entry for entry in calendars.entries(data)}
        others = {entry.summary: entry for entry in calendars.second(data).events}
        for title, entry in found.items():
            other = others.pop(title)
            said = (
                entry["UID"],
                entry["SEQUENCE"],
                entry["STATUS"],
                entry["DTSTART"].dt,
                entry["DTEND"].dt,
            )
            assert said == (
                other.uid,
                other.sequence,
                other.status.value,
                other.dtstart,
                other.dtend,
            )
        assert not others
        return found

    return read


def book(session, *people):
    for person in people:
        bookings.book(session, by=person)
    db.session.commit()


@pytest.mark.both_databases
def test_booked_and_waiting_sessions_are_in_the_calendar_beside_the_event(
    event, bread, ana, ben, read
):
    full = session(event, "Soil", at=60, capacity=1)
    book(full, ana, ben)
    session(event, "Not chosen", at=120)

    found = read()

    assert {title: str(entry["STATUS"]) for title, entry in found.items()} == {
        event.title: "CONFIRMED",
        "Bread": "CONFIRMED",
        "Soil": "TENTATIVE",
    }
    entry = found["Bread"]
    assert str(entry["UID"]) == f"{bread.id}@{str(found[event.title]['UID']).partition('@')[2]}"
    assert entry["DTSTART"].dt == time_zones.to_utc(FIRST, "Europe/Lisbon")
    assert str(entry["LOCATION"]) == "Hall, The mill"
    assert "Ifeoma Nwosu" in str(entry["DESCRIPTION"])
    assert str(entry["URL"]).endswith(bread.path)
    assert "You’re on the waiting list." in str(found["Soil"]["DESCRIPTION"])


def test_a_session_is_one_calendar_item_whose_sequence_grows_with_each_change(
    event, bread, ana, ben, read
):
    first = read()["Bread"]
    assert read()["Bread"] == first

    sessions.change(event, bread, plan("Rye", at=15, capacity=2), by=ana)
    db.session.commit()
    second = read()["Rye"]
    sessions.cancel(event, bread, ana, "No flour")
    db.session.commit()
    third = read()["Rye"]

    assert first["UID"] == second["UID"] == third["UID"]
    assert first["SEQUENCE"] < second["SEQUENCE"] < third["SEQUENCE"]
    assert second["DTSTART"].dt - first["DTSTART"].dt == timedelta(minutes=15)
    assert str(third["STATUS"]) == "CANCELLED"
    assert "No flour" in str(third["DESCRIPTION"])


def test_a_cancelled_booking_is_cancelled_in_the_calendar_with_a_newer_sequence(
    event, bread, ben, read
):
    before = read()["Bread"]

    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        bookings.cancel(bread, by=ben)
        db.session.commit()
        given_up = read()["Bread"]
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        book(bread, ben)
        again = read()["Bread"]

    assert [str(entry["STATUS"]) for entry in (before, given_up, again)] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
    ]
    assert before["UID"] == given_up["UID"] == again["UID"]
    assert before["SEQUENCE"] < given_up["SEQUENCE"] < again["SEQUENCE"]
    assert before["DTSTAMP"].dt < given_up["DTSTAMP"].dt < again["DTSTAMP"].dt


def test_sessions_leave_the_calendar_when_someone_cancels_the_event(event, bread, ben, read):
    rsvps.withdraw(event, by=ben)
    db.session.commit()

    assert {title: str(entry["STATUS"]) for title, entry in read().items()} == {
        "Bread": "CANCELLED"
    }


def test_cancelling_the_event_cancels_its_sessions_with_a_newer_sequence(event, bread, ana, read):
    before = read()["Bread"]

    planning.cancel(event, ana, "Too wet")
    db.session.commit()

    after = read()["Bread"]
    assert (str(after["STATUS"]), after["SEQUENCE"] > before["SEQUENCE"]) == ("CANCELLED", True)


def test_hidden_and_long_past_sessions_are_not_in_the_calendar(event, bread, read):
    event.hidden_at = clock.now()
    db.session.commit()
    assert not read()

    event.hidden_at = None
    db.session.commit()
    with time_machine.travel(bread.ends_at + timedelta(days=91), tick=False):
        assert not read()


def test_a_group_calendar_holds_only_its_events(ana, ben, read):
    group = factories.group(ana, ben)
    event = conference(ana, group)
    going(event, ben)
    book(session(event, "Bread"), ben)

    assert set(read(group)) == {event.title}
    assert set(read()) == {event.title, "Bread"}


def test_the_calendar_takes_the_same_statements_for_one_session_and_many(
    event, bread, ben, visitor, statements_of
):
    path = subscriptions.path(subscriptions.create(ben, None))
    db.session.commit()
    visitor.get(path)
    few = statements_of(lambda: visitor.get(path))
    for number in range(1, 20):
        made = session(
            event,
            f"No {number}",
            at=50 + 10 * number,
            lasts=5,
            room=bread.room,
            speakers=bread.speakers,
        )
        book(made, ben)
    known = {"If-None-Match": visitor.get(path).headers["ETag"]}

    assert few == statements_of(lambda: visitor.get(path)) == 5
    assert statements_of(lambda: visitor.get(path, headers=known)) == 4
