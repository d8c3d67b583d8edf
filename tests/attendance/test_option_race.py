"""Parallel answers for the last seats of tickets and choices, offers and requests, each with its
control.
"""

import pytest

from tests import factories
from tests.events import counted, question, ticket
from tests.events.racing import at_once, let_go
from webapp.attendance import approvals, rsvps, seats, waitlist
from webapp.attendance.registration import form
from webapp.attendance.registration.answers import RegistrationAnswers
from webapp.core.extensions import db
from webapp.events.models import GOING, OFFER, OFFERED, REFUSED, WAITING, Event, Rsvp

pytestmark = pytest.mark.usefixtures("context")


def choosing(ana, kind, places):
    """Return an event without a limit and with a ticket kind or a choice of this capacity, and the
    input that chooses it.
    """
    event = factories.event(ana)
    if kind == "ticket":
        option = ticket(event, "Reduced", capacity=places)
        return (
            event,
            option,
            RegistrationAnswers(option.id, {}, form.registration_form(event).digest),
        )
    one, options = question(event, "Which boat?", Heron=places, Otter=None)
    option = options["Heron"]
    return (
        event,
        option,
        RegistrationAnswers(None, {one.id: option.id}, form.registration_form(event).digest),
    )


def coming(event, said, number):
    """Return an act for this number of newcomers, in which each answers."""
    ids = [factories.user().id for _ in range(number)]
    event_id, model = event.id, type(factories.user())
    come = lambda id: rsvps.answer(  # noqa: E731
        db.session.get(Event, event_id), by=db.session.get(model, id), details=said
    )
    return [lambda id=id: come(id) for id in ids]


@pytest.mark.parametrize("kind", ["ticket", "choice"])
def test_three_of_eight_parallel_answers_get_the_three_spots(app, ana, kind):
    event, option, said = choosing(ana, kind, 3)

    done = at_once(app, *coming(event, said, 8))

    db.session.refresh(event)
    states = [row.state for row in counted(event)]
    assert states.count(GOING) == 3
    assert (states.count(WAITING), done.count(False)) == ((5, 0) if kind == "ticket" else (0, 5))
    db.session.refresh(option)
    assert option.taken == 3


@pytest.mark.parametrize("kind", ["ticket", "choice"])
def test_control_without_the_lock_one_spot_is_given_twice(app, ana, monkeypatch, kind):
    event, option, said = choosing(ana, kind, 1)
    let_go(monkeypatch, waitlist, "room")

    at_once(app, *coming(event, said, 2))

    db.session.refresh(option)
    assert option.taken == 2 > option.capacity


def offered(ana, ben, cem):
    event = factories.event(ana, capacity=1, promotion=OFFER)
    for person in (ben, cem):
        rsvps.answer(event, by=person)
    rsvps.withdraw(event, by=ben)
    db.session.commit()
    assert rsvps.of(event, cem).state == OFFERED
    return event


def both_answers(event, cem):
    event_id, model, cem_id = event.id, type(cem), cem.id
    verbs = (rsvps.accept_offer, rsvps.decline_offer)
    return [
        lambda verb=verb: verb(db.session.get(Event, event_id), by=db.session.get(model, cem_id))
        for verb in verbs
    ]


def test_an_offer_is_either_accepted_or_passed_on(app, ana, ben, cem):
    event = offered(ana, ben, cem)

    assert sorted(at_once(app, *both_answers(event, cem))) == [False, True]
    db.session.refresh(event)
    counted(event)


def test_control_without_the_lock_an_offer_is_accepted_and_passed_on(
    app, ana, ben, cem, monkeypatch
):
    event = offered(ana, ben, cem)
    let_go(monkeypatch, seats, "offer_of")
    monkeypatch.setattr(rsvps, "offer_of", seats.offer_of)

    assert False not in at_once(app, *both_answers(event, cem))


def yes_and_no(event, ana, ben):
    event_id, row_id, model, ana_id = event.id, rsvps.of(event, ben).id, type(ana), ana.id
    verbs = (approvals.approve, approvals.decline)
    return [
        lambda verb=verb: verb(
            db.session.get(Event, event_id), row_id, by=db.session.get(model, ana_id)
        )
        for verb in verbs
    ]


@pytest.fixture
def wish(ana, ben):
    """An event to which Ben has requested to come."""
    event = factories.event(ana, capacity=1, requires_approval=True)
    rsvps.answer(event, by=ben)
    db.session.commit()
    return event


def test_only_one_of_two_parallel_decisions_counts(app, wish, ana, ben):
    assert sorted(at_once(app, *yes_and_no(wish, ana, ben))) == [False, True]

    db.session.refresh(wish)
    assert counted(wish)[0].state in (GOING, REFUSED)


def test_control_without_the_lock_both_decisions_count(app, wish, ana, ben, monkeypatch):
    let_go(monkeypatch, approvals, "_refuse_answered")

    assert False not in at_once(app, *yes_and_no(wish, ana, ben))
    assert db.session.query(Rsvp).count() == 1
