"""Parallel bookings of a session's last seat and of one room, each with its control."""

import pytest

from tests import factories
from tests.agenda import bookings_of, conference, counted, going, plan, room, session, sessions_of
from tests.events.racing import at_once, let_go
from webapp.accounts.models import User
from webapp.agenda import bookings, clashes, sessions
from webapp.agenda.models import AgendaSession
from webapp.attendance import rsvps, waitlist
from webapp.core.extensions import db
from webapp.events.models import GOING, NOT_GOING, WAITING, Event

pytestmark = pytest.mark.usefixtures("context")


def registering(event, bread, number):
    """Return an act for this number of attendees, in which each books a seat in the session."""
    people = [factories.user() for _ in range(number)]
    going(event, *people)
    bread_id = bread.id
    take = lambda id: bookings.book(  # noqa: E731
        db.session.get(AgendaSession, bread_id), by=db.session.get(User, id)
    )
    return [lambda id=one.id: take(id) for one in people]


def test_one_of_eight_parallel_bookings_gets_the_last_seat(app, ana):
    event = conference(ana)
    bread = session(event, "Bread", capacity=1)

    assert at_once(app, *registering(event, bread, 8)) == [True] * 8
    db.session.refresh(bread)
    assert sorted(row.state for row in counted(bread)) == [GOING] + [WAITING] * 7


def test_control_without_the_lock_the_last_seat_is_given_twice(app, ana, monkeypatch):
    event = conference(ana)
    bread = session(event, "Bread", capacity=1)
    acts = registering(event, bread, 2)
    let_go(monkeypatch, waitlist, "has_room")

    at_once(app, *acts)
    assert [row.state for row in bookings_of(bread)] == [GOING, GOING]


def leaving_and_taking(event, bread, ben, cem):
    """Return acts: one attendee leaves the event, while another books a seat in a session that both
    want.
    """
    going(event, ben, cem)
    bookings.book(bread, by=ben)
    db.session.commit()
    event_id, bread_id, ben_id, cem_id = event.id, bread.id, ben.id, cem.id
    return [
        lambda: rsvps.withdraw(db.session.get(Event, event_id), by=db.session.get(User, ben_id)),
        lambda: bookings.book(
            db.session.get(AgendaSession, bread_id), by=db.session.get(User, cem_id)
        ),
    ]


def test_a_seat_given_back_and_taken_at_once_is_counted_once(app, ana, ben, cem):
    event = conference(ana)
    bread = session(event, "Bread", capacity=1)

    assert at_once(app, *leaving_and_taking(event, bread, ben, cem)) == [True, True]
    db.session.refresh(bread)
    rows = {row.user_id: row.state for row in counted(bread)}
    assert rows == {ben.id: NOT_GOING, cem.id: GOING}


def planning_twice(event, hall, ana):
    event_id, ana_id = event.id, ana.id
    plans = [plan(title, room=hall) for title in ("Bread", "Soil")]
    add = lambda one: sessions.add(  # noqa: E731
        db.session.get(Event, event_id), one, by=db.session.get(User, ana_id)
    )
    return [lambda one=one: add(one) for one in plans]


def test_two_hosts_planning_at_once_get_the_room_only_once(app, ana):
    event = conference(ana)
    hall = room(event)

    assert sorted(at_once(app, *planning_twice(event, hall, ana))) == [False, True]
    assert len(sessions_of(event)) == 1


def test_control_without_the_lock_both_get_the_room(app, ana, monkeypatch):
    event = conference(ana)
    hall = room(event)
    let_go(monkeypatch, clashes, "_beside")

    assert at_once(app, *planning_twice(event, hall, ana)) == [True, True]
    assert len(sessions_of(event)) == 2
