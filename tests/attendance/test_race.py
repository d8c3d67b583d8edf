"""Many parallel answers for few seats, over HTTP, on the suite's database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import factories
from tests.events import counted
from tests.events.racing import let_go
from webapp.attendance import reads, rsvps, waitlist
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.events.models import GOING, WAITING

PEOPLE, SEATS, CLIENTS = 60, 6, 8


@pytest.mark.usefixtures("context")
def test_sixty_parallel_answers_fill_exactly_six_seats(ana, browser):
    event = factories.event(ana, capacity=SEATS)
    browsers = [browser(factories.user()) for _ in range(PEOPLE)]
    start = threading.Barrier(CLIENTS)

    def answer_in_turn(mine):
        start.wait(30)
        return [
            one.post(f"/events/{event_slug}/rsvp", {"answer": "going", "party": 1}).status_code
            for one in mine
        ]

    event_slug = event.slug
    db.session.rollback()
    with ThreadPoolExecutor(CLIENTS) as clients:
        statuses = list(clients.map(answer_in_turn, [browsers[n::CLIENTS] for n in range(CLIENTS)]))

    assert sorted(sum(statuses, [])) == [303] * PEOPLE
    db.session.refresh(event)
    rows = counted(event)
    assert sum(row.state == GOING for row in rows) == SEATS
    waiting = [row.user_id for row in rows if row.state == WAITING]
    assert len(waiting) == PEOPLE - SEATS
    joined = [
        step.user_id for step in reads.waitlist_steps(event, most=PEOPLE) if step.step == "joined"
    ]
    assert waiting == joined[::-1]


@pytest.mark.usefixtures("context")
def test_control_without_the_lock_one_seat_is_given_twice(app, ana, monkeypatch):
    event = factories.event(ana, capacity=1)
    ids = [factories.user().id for _ in range(2)]
    let_go(monkeypatch, waitlist, "has_room")

    def answer(user_id):
        reading.set(False)
        with app.app_context():
            rsvps.answer(
                db.session.get(type(event), event_id), by=db.session.get(type(ana), user_id)
            )
            db.session.commit()

    event_id = event.id
    db.session.rollback()
    with ThreadPoolExecutor(2) as clients:
        list(clients.map(answer, ids))

    db.session.refresh(event)
    going = reads.people_of(event, sees_all=True)
    assert len(going.named) == 2 > event.capacity
