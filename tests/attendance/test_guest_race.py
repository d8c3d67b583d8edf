"""A guest and a member answer at once for the last seat, over HTTP, on the suite's database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import factories
from tests.attendance.checking_in import asked, path
from tests.events import counted
from tests.events.racing import let_go
from webapp.attendance import guests, rsvps, waitlist
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.events.models import GOING, WAITING, Guest

pytestmark = pytest.mark.usefixtures("context")
ROUNDS = 4


def test_one_of_guest_and_member_gets_the_last_seat(ana, ben, browser):
    for _ in range(ROUNDS):
        event = factories.event(ana, capacity=1)
        member, guest = browser(ben), browser()
        ways = [(member, f"/events/{event.slug}/rsvp"), (guest, path(asked(event)) + "/rsvp")]
        start = threading.Barrier(2)
        db.session.rollback()

        def answer(way, start=start):
            start.wait(30)
            return way[0].post(way[1], {"answer": "going", "party": 1}).status_code

        with ThreadPoolExecutor(2) as clients:
            assert list(clients.map(answer, ways)) == [303, 303]
        db.session.refresh(event)
        assert sorted(row.state for row in counted(event)) == [GOING, WAITING]


def test_control_without_the_lock_the_last_seat_is_given_twice(app, ana, ben, monkeypatch):
    event = factories.event(ana, capacity=1)
    guest_id, event_id, ben_id = asked(event).id, event.id, ben.id
    let_go(monkeypatch, waitlist, "has_room")

    def answer(act):
        reading.set(False)
        with app.app_context():
            act()
            db.session.commit()

    db.session.rollback()
    with ThreadPoolExecutor(2) as clients:
        acts = [
            lambda: guests.answer(db.session.get(Guest, guest_id)),
            lambda: rsvps.answer(
                db.session.get(type(event), event_id), by=db.session.get(type(ben), ben_id)
            ),
        ]
        list(clients.map(answer, acts))

    db.session.refresh(event)
    assert [row.state for row in counted_rows(event)] == [GOING, GOING]


def counted_rows(event):
    """Return the answers in the database. The counter is wrong by now, which the control shows."""
    from tests.events import rows_of

    return rows_of(event)
