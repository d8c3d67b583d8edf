"""The waiting list: each rule at the service layer."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from tests import factories
from tests.events import counted
from webapp.attendance import jobs, reads, rsvps, waitlist
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.events.models import GOING, MAYBE, NOT_GOING, OFFER, OFFERED, WAITING
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")

WEBAPP = Path(__file__).parents[2] / "webapp"


@pytest.fixture
def people():
    """Eight people who answer."""
    return [factories.user(name) for name in ("Abe", "Bo", "Cy", "Di", "Ed", "Fay", "Gus", "Hal")]


def states(event, *people):
    counted(event)
    return [
        (row.state, row.party) if row else None
        for row in (rsvps.of(event, person) for person in people)
    ]


def answers(event, *given):
    """Answer "Going" for everyone of `given`, a person or a pair with their party, in this
    order.
    """
    for person in given:
        by, party = person if isinstance(person, tuple) else (person, 1)
        rsvps.answer(event, by=by, party=party)
        db.session.commit()


def with_an_offer(ana, people):
    """Return an event where the second person is offered the seat of the first; a third waits."""
    event = factories.event(ana, capacity=1, promotion=OFFER)
    answers(event, *people[:3])
    rsvps.withdraw(event, by=people[0])
    db.session.commit()
    return event


def steps(event):
    return [
        (step.step, step.user.first_name if step.user else None, step.party)
        for step in reversed(reads.waitlist_steps(event))
    ]


def test_the_first_person_gets_the_last_seat_and_the_next_ones_wait(ana, ben, cem):
    event = factories.event(ana, capacity=1)

    answers(event, ben, cem, ana)

    assert states(event, ben, cem, ana) == [(GOING, 1), (WAITING, 1), (WAITING, 1)]
    assert (event.seats_taken, event.waiting_count) == (1, 2)
    assert [reads.position_of(event, rsvps.of(event, who)) for who in (ben, cem, ana)] == [
        None,
        1,
        2,
    ]


def test_a_freed_seat_goes_to_the_first_waiting_person_who_is_told(ana, ben, cem):
    event = factories.event(ana, capacity=1)
    answers(event, ana, ben, cem)

    rsvps.withdraw(event, by=ana)
    db.session.commit()

    assert states(event, ana, ben, cem) == [(NOT_GOING, 1), (GOING, 1), (WAITING, 1)]
    notified = db.session.query(Notification).one()
    assert (notified.user_id, notified.kind, notified.url) == (ben.id, "rsvp.promoted", event.path)
    assert (
        db.session.query(OutgoingEmail).filter_by(template="events/promoted").one().address
        == ben.email
    )


def test_maybe_holds_no_seat_and_frees_an_earlier_one(ana, ben, cem):
    event = factories.event(ana, capacity=1)
    answers(event, ben, cem)

    rsvps.answer(event, by=ben, state=MAYBE)

    assert states(event, ben, cem) == [(MAYBE, 1), (GOING, 1)]


def test_a_party_that_does_not_fit_is_skipped_and_keeps_its_position(ana, people):
    abe, bo, cy, di, *_ = people
    event = factories.event(ana, capacity=4, max_plus_ones=3)
    answers(event, (abe, 2), (bo, 2), (cy, 4), (di, 2))

    rsvps.withdraw(event, by=abe)

    assert states(event, cy, di) == [(WAITING, 4), (GOING, 2)]
    assert reads.position_of(event, rsvps.of(event, cy)) == 1
    assert ("skipped", "Cy", 4) in steps(event)

    rsvps.withdraw(event, by=bo)
    rsvps.withdraw(event, by=di)

    assert states(event, cy) == [(GOING, 4)]


def test_a_new_answer_takes_a_seat_only_if_no_waiting_party_fits(ana, people):
    abe, bo, cy, di, *_ = people
    event = factories.event(ana, capacity=3, max_plus_ones=2)
    answers(event, (abe, 2), (bo, 2))
    assert states(event, bo) == [(WAITING, 2)]

    answers(event, cy)
    assert states(event, bo, cy) == [(WAITING, 2), (GOING, 1)]
    assert ("skipped", "Bo", 2) in steps(event)

    answers(event, di)
    assert states(event, di) == [(WAITING, 1)]


def test_smaller_parties_return_seats_and_larger_ones_need_free_seats(ana, people):
    abe, bo, cy, *_ = people
    event = factories.event(ana, capacity=4, max_plus_ones=3)
    answers(event, (abe, 3), (bo, 2), cy)
    assert states(event, abe, bo, cy) == [(GOING, 3), (WAITING, 2), (GOING, 1)]

    with pytest.raises(UserError, match="No more seats are free") as broken:
        rsvps.answer(event, by=cy, party=2)
    assert broken.value.field == "party"
    db.session.rollback()

    answers(event, (abe, 1))
    assert states(event, abe, bo, cy) == [(GOING, 1), (GOING, 2), (GOING, 1)]

    rsvps.withdraw(event, by=cy)
    answers(event, (abe, 2))
    assert states(event, abe) == [(GOING, 2)]


def test_a_shrinking_waiting_party_keeps_its_position_and_a_growing_one_goes_last(ana, people):
    abe, bo, cy, *_ = people
    event = factories.event(ana, capacity=4, max_plus_ones=3)
    answers(event, (abe, 4), (bo, 2), (cy, 2))

    answers(event, (bo, 1))
    assert reads.position_of(event, rsvps.of(event, bo)) == 1

    answers(event, (bo, 3))
    assert reads.position_of(event, rsvps.of(event, bo)) == 2
    assert reads.position_of(event, rsvps.of(event, cy)) == 1


def test_a_waiting_party_that_becomes_small_enough_gets_seats_at_once(ana, people):
    abe, bo, *_ = people
    event = factories.event(ana, capacity=3, max_plus_ones=2, promotion=OFFER)
    answers(event, (abe, 2), (bo, 3), (bo, 1))

    assert states(event, bo) == [(GOING, 1)]


def test_more_seats_admit_waiting_people_and_fewer_remove_no_one(ana, people):
    abe, bo, cy, di, *_ = people
    event = factories.event(ana, capacity=2)
    answers(event, abe, bo, cy, di)

    event.capacity = 1
    waitlist.capacity_changed(event)
    assert states(event, abe, bo, cy) == [(GOING, 1), (GOING, 1), (WAITING, 1)]
    assert event.seats_free == 0
    rsvps.withdraw(event, by=abe)
    assert states(event, cy) == [(WAITING, 1)]

    event.capacity = 2
    waitlist.capacity_changed(event)
    assert states(event, bo, cy, di) == [(GOING, 1), (GOING, 1), (WAITING, 1)]

    event.capacity = None
    waitlist.capacity_changed(event)
    assert states(event, di) == [(GOING, 1)]


def test_an_offer_holds_its_seats_for_24_hours_or_half_the_time_left(ana, ben, cem):
    with time_machine.travel("2026-03-01T10:00Z", tick=False):
        far = factories.event(
            ana, starts_at=clock.now() + timedelta(days=10), capacity=1, promotion=OFFER
        )
        near = factories.event(
            ana, starts_at=clock.now() + timedelta(hours=10), capacity=1, promotion=OFFER
        )
        for event in (far, near):
            answers(event, ben, cem)
            rsvps.withdraw(event, by=ben)

        assert rsvps.of(far, cem).offered_until == clock.now() + timedelta(hours=24)
        assert rsvps.of(near, cem).offered_until == clock.now() + timedelta(hours=5)
        assert states(far, cem) == [(OFFERED, 1)]
        assert far.seats_free == 0

        answers(far, ana)
        assert states(far, ana) == [(WAITING, 1)]


def test_an_accepted_offer_is_a_seat(ana, ben, cem):
    event = factories.event(ana, capacity=1, promotion=OFFER)
    answers(event, ben, cem)
    rsvps.withdraw(event, by=ben)

    rsvps.accept_offer(event, by=cem)

    assert states(event, cem) == [(GOING, 1)]
    assert [step for step, *_ in steps(event)] == ["joined", "freed", "offered", "accepted"]


def seat_held_for(who, after, *others, host):
    """Return an event whose only seat is offered to `who`, since `after` gave it up; the others
    wait.
    """
    event = factories.event(host, capacity=1, promotion=OFFER)
    answers(event, after, who, *others)
    rsvps.withdraw(event, by=after)
    return event


def test_a_declined_offer_goes_to_the_next_party_and_its_own_goes_last(ana, people):
    abe, bo, cy, *_ = people
    event = seat_held_for(bo, abe, cy, host=ana)

    rsvps.decline_offer(event, by=bo)

    assert states(event, bo, cy) == [(WAITING, 1), (OFFERED, 1)]
    assert rsvps.of(event, bo).position > rsvps.of(event, cy).position
    with pytest.raises(Conflict):
        rsvps.accept_offer(event, by=bo)
    rsvps.decline_offer(event, by=bo)
    assert states(event, bo, cy) == [(WAITING, 1), (OFFERED, 1)]
    rsvps.accept_offer(event, by=cy)
    rsvps.accept_offer(event, by=cy)
    assert states(event, bo, cy) == [(WAITING, 1), (GOING, 1)]


def test_an_expired_offer_moves_its_party_to_the_end(ana, people):
    _abe, bo, cy, *_ = people
    event = with_an_offer(ana, people)

    with time_machine.travel(clock.now() + timedelta(hours=25)):
        with pytest.raises(Conflict, match="didn’t accept in time"):
            rsvps.accept_offer(event, by=bo)
        db.session.rollback()
        jobs.expire_offers()
        jobs.expire_offers()

        assert states(event, bo, cy) == [(WAITING, 1), (OFFERED, 1)]
    lines = db.session.query(Notification).filter_by(user_id=bo.id).order_by(Notification.id).all()
    assert [line.kind for line in lines] == ["rsvp.offered", "rsvp.expired"]
    assert lines[1].label.startswith("We’re no longer holding a seat for you")


def test_declined_offers_are_repeated_only_when_other_seats_become_free(ana, people):
    abe, bo, cy, di, *_ = people
    event = factories.event(ana, capacity=2, promotion=OFFER)
    answers(event, abe, di, bo)
    rsvps.withdraw(event, by=abe)
    rsvps.decline_offer(event, by=bo)
    assert states(event, bo) == [(WAITING, 1)]
    assert event.seats_free == 1

    rsvps.withdraw(event, by=di)

    assert states(event, bo) == [(OFFERED, 1)]


def test_seats_that_everyone_declined_can_be_taken_by_anyone(ana, people):
    abe, bo, cy, *_ = people
    event = factories.event(ana, capacity=2, promotion=OFFER)
    answers(event, (abe), cy, bo)
    rsvps.withdraw(event, by=abe)
    rsvps.decline_offer(event, by=bo)

    answers(event, bo)

    assert states(event, bo) == [(GOING, 1)]


def test_the_waiting_list_stops_at_the_deadline(ana, ben, cem, dia):
    event = factories.event(ana, capacity=1, rsvp_deadline=clock.now() + timedelta(days=1))
    answers(event, ben, cem)

    with time_machine.travel(clock.now() + timedelta(days=2)):
        for act in (rsvps.withdraw, rsvps.answer):
            with pytest.raises(UserError, match="Answers closed on"):
                act(event, by=cem)
            db.session.rollback()
        event.capacity = 5
        waitlist.capacity_changed(event)
        assert states(event, cem) == [(WAITING, 1)]


def test_people_who_leave_the_waiting_list_hold_nothing(ana, ben, cem):
    event = factories.event(ana, capacity=1)
    answers(event, ben, cem)

    rsvps.withdraw(event, by=cem)

    assert states(event, cem) == [(NOT_GOING, 1)]
    assert steps(event)[-1] == ("left", "Cem", 1)
    before = steps(event)
    rsvps.withdraw(event, by=cem)
    assert steps(event) == before
    with pytest.raises(Conflict, match="You don’t have a seat"):
        rsvps.withdraw(event, by=ana)


def test_leaving_with_held_seats_offers_them_to_the_next_party(ana, people):
    abe, bo, cy, *_ = people
    event = seat_held_for(bo, abe, cy, host=ana)

    rsvps.withdraw(event, by=bo)

    assert states(event, bo, cy) == [(NOT_GOING, 1), (OFFERED, 1)]


def test_ten_more_seats_admit_ten_people(ana):
    event = factories.event(ana, capacity=1)
    crowd = [factories.user() for _ in range(13)]
    answers(event, *crowd)

    event.capacity += 10
    waitlist.capacity_changed(event)

    assert [state for state, _party in states(event, *crowd)] == [GOING] * 11 + [WAITING] * 2


def test_an_expired_offer_cannot_be_taken_with_the_form(ana, people):
    _abe, bo, cy, *_ = people
    event = with_an_offer(ana, people)

    with time_machine.travel(clock.now() + timedelta(hours=25)):
        rsvps.answer(event, by=bo)

    assert states(event, bo, cy) == [(WAITING, 1), (OFFERED, 1)]
    assert rsvps.of(event, bo).position > rsvps.of(event, cy).position


def test_one_function_changes_the_counters():
    changed = set()
    for path in WEBAPP.rglob("*.py"):
        if "seats_taken" in (text := path.read_text()):
            functions = [it for it in ast.walk(ast.parse(text)) if isinstance(it, ast.FunctionDef)]
            changed |= {
                (path.stem, function.name, ast.unparse(it.target))
                for function in functions
                for it in ast.walk(function)
                if isinstance(it, ast.AugAssign)
                and ast.unparse(it.target).endswith((".seats_taken", ".waiting_count"))
            }

    assert changed == {
        ("waitlist", "change", "owner.seats_taken"),
        ("waitlist", "change", "owner.waiting_count"),
    }
