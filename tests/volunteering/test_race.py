"""Parallel claims of a shift's last spot, of a task and of a card, each with its control."""

import pytest

from tests import factories
from tests.events.racing import at_once, let_go
from tests.volunteering.helping import board, comes, in_shift, shift, task
from webapp.accounts.models import User
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.events.models import Event
from webapp.volunteering import helping, shifts, tasks
from webapp.volunteering.models import DOING, DONE, TODO, EventTask, ShiftClaim

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana):
    return factories.event(ana)


def acts(event, verb, what, people):
    event_id, ids = event.id, [person.id for person in people]
    return [
        lambda id=id: verb(db.session.get(Event, event_id), what, by=db.session.get(User, id))
        for id in ids
    ]


@pytest.mark.parametrize("number", [4, pytest.param(16, marks=pytest.mark.deep)])
def test_one_of_many_parallel_claims_gets_the_last_spot(app, event, ana, number):
    people = [factories.user() for _ in range(number)]
    comes(event, *people)
    entrance = shift(event, ana, capacity=1).id

    done = at_once(app, *acts(event, shifts.claim, entrance, people))

    assert (done.count(True), done.count(False)) == (1, number - 1)
    assert len(in_shift(entrance)) == 1


def test_control_without_the_lock_the_last_spot_is_given_twice(app, event, ana, monkeypatch):
    people = [factories.user() for _ in range(2)]
    comes(event, *people)
    entrance = shift(event, ana, capacity=1).id
    let_go(monkeypatch, shifts, "_refuse", believes=True)

    assert at_once(app, *acts(event, shifts.claim, entrance, people)) == [True, True]
    assert db.session.query(ShiftClaim).filter_by(shift_id=entrance).count() == 2


def test_one_of_many_parallel_takers_gets_a_task(app, event, ana):
    people = [factories.user() for _ in range(4)]
    comes(event, *people)
    cups = task(event, ana).id

    done = at_once(app, *acts(event, tasks.take, cups, people))

    assert (done.count(True), done.count(False)) == (1, 3)
    assert db.session.get(EventTask, cups).assignee_id is not None


def test_control_without_the_lock_two_people_both_take_the_task(app, event, ana, monkeypatch):
    people = [factories.user() for _ in range(2)]
    comes(event, *people)
    cups = task(event, ana).id
    let_go(monkeypatch, tasks, "_there", believes=True)

    assert at_once(app, *acts(event, tasks.take, cups, people)) == [True, True]


def moves(event, ana, *what):
    event_id, ana_id = event.id, ana.id

    def move(args):
        tasks.move(
            db.session.get(Event, event_id), args[0], db.session.get(User, ana_id), *args[1:]
        )

    return [lambda args=args: move(args) for args in what]


def test_cards_moved_at_once_are_all_kept(app, event, ana):
    ids = {title: task(event, ana, title).id for title in "ABCD"}

    done = at_once(
        app,
        *moves(
            event,
            ana,
            (ids["A"], TODO, DOING),
            (ids["B"], TODO, DOING, ids["D"]),
            (ids["D"], TODO, TODO, ids["C"]),
        ),
    )

    assert done == [True, True, True]
    assert {state: set(titles) for state, titles in board(event).items()} == {
        TODO: {"C", "D"},
        DOING: {"A", "B"},
        DONE: set(),
    }
    assert board(event)[TODO] == ["D", "C"]


def test_the_second_of_two_parallel_moves_of_a_card_is_refused(app, event, ana):
    cups = task(event, ana, "Cups").id

    done = at_once(app, *moves(event, ana, (cups, TODO, DOING), (cups, TODO, DONE)))

    assert sorted(done) == [False, True]
    assert sum(map(len, board(event).values())) == 1


def test_control_without_the_lock_both_moves_succeed(app, event, ana, monkeypatch):
    cups = task(event, ana, "Cups").id
    let_go(monkeypatch, tasks, "_there", believes=True)

    assert at_once(app, *moves(event, ana, (cups, TODO, DOING), (cups, TODO, DONE))) == [True, True]


def test_cancelling_while_claiming_a_shift_leaves_no_claim(app, event, ana, ben):
    comes(event, ben)
    entrance = shift(event, ana, capacity=1).id
    [claim] = acts(event, shifts.claim, entrance, [ben])
    event_id, ben_id = event.id, ben.id

    at_once(
        app,
        claim,
        lambda: rsvps.withdraw(db.session.get(Event, event_id), by=db.session.get(User, ben_id)),
    )

    assert in_shift(entrance) == set()


def test_control_without_the_lock_someone_who_cancelled_keeps_a_spot(
    app, event, ana, ben, monkeypatch
):
    comes(event, ben)
    entrance = shift(event, ana, capacity=1).id
    [claim] = acts(event, shifts.claim, entrance, [ben])
    look, event_id, ben_id = helping.hold_event, event.id, ben.id

    def look_and_cancel(*args, **more):
        found = look(*args, **more)
        db.session.commit()
        rsvps.withdraw(db.session.get(Event, event_id), by=db.session.get(User, ben_id))
        db.session.commit()
        return found

    monkeypatch.setattr(helping, "hold_event", look_and_cancel)

    assert at_once(app, claim) == [True]
    assert in_shift(entrance) == {ben_id}
