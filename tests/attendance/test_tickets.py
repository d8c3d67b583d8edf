"""Tickets and choices: their seats follow the rules of the event's seats."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.events import counted, question, ticket
from webapp.attendance import reads, rsvps
from webapp.attendance.labels import price_in_words, step_in_words
from webapp.attendance.registration import form, questions, tickets
from webapp.attendance.registration.answers import RegistrationAnswers
from webapp.attendance.registration.questions import Choice
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.events import planning
from webapp.events.models import CHOICE, GOING, LONG, OFFER, OFFERED, ON_SITE, TEXT, WAITING

pytestmark = pytest.mark.usefixtures("context")
VALUES = {
    "label": "Reduced",
    "price": ON_SITE,
    "amount": 750,
    "currency": "EUR",
    "capacity": 1,
    "opens": None,
    "closes": None,
}


def come(event, by, option=None, party=1, said=None, **more):
    """Answer "Going" as `by` with this ticket and these answers to the questions."""
    details = RegistrationAnswers(
        option.id if option is not None else None, said or {}, form.registration_form(event).digest
    )
    row = rsvps.answer(event, by=by, party=party, details=details, **more)
    db.session.commit()
    return row


def states(event, *people):
    counted(event)
    return [rsvps.of(event, person).state for person in people]


def test_a_ticket_is_chosen_with_the_answer_and_counted_in_people(ana, ben, cem):
    event = factories.event(ana, max_plus_ones=2)
    full, reduced = ticket(event, "Full"), ticket(event, "Reduced", capacity=2)

    with pytest.raises(UserError, match="Choose a ticket") as broken:
        rsvps.answer(event, by=ben)
    assert broken.value.field == "ticket"
    db.session.rollback()
    come(event, ben, reduced, party=2)
    come(event, cem, full)

    assert states(event, ben, cem) == [GOING, GOING]
    assert (reduced.taken, full.taken) == (2, 1)
    rsvps.withdraw(event, by=ben)
    counted(event)
    assert reduced.taken == 0


def test_tickets_keep_the_hosts_order_after_one_is_removed(ana):
    event = factories.event(ana)
    first, second, third = (
        tickets.add(event, by=ana, **VALUES | {"label": words}) for words in ("A", "B", "C")
    )
    tickets.move_up(event, third, by=ana)
    tickets.move_up(event, first, by=ana)
    tickets.remove(event, first, by=ana)
    tickets.add(event, by=ana, **VALUES | {"label": "D"})
    tickets.move_up(event, second, by=ana)

    assert [(one.label, one.position) for one in form.registration_form(event).tickets] == [
        ("B", 1),
        ("C", 2),
        ("D", 3),
    ]


def test_event_and_ticket_must_both_have_seats_and_the_log_names_the_full_one(ana, ben, cem, dia):
    event = factories.event(ana, capacity=3)
    full, reduced = ticket(event, "Full"), ticket(event, "Reduced", capacity=1)
    come(event, ana, reduced)
    come(event, ben, reduced)
    come(event, cem, full)

    assert states(event, ana, ben, cem) == [GOING, WAITING, GOING]
    skipped = next(step for step in reads.waitlist_steps(event) if step.step == "skipped")
    said = "was skipped, because “Reduced” is full. They keep their place."
    assert step_in_words(skipped) == f"{ben.name} (1 person) {said}"

    come(event, dia, full)
    rsvps.withdraw(event, by=ana)
    assert states(event, ben) == [GOING]


def test_switching_tickets_frees_the_first_for_the_waiting_list(ana, ben):
    event = factories.event(ana)
    full, reduced = ticket(event, "Full"), ticket(event, "Reduced", capacity=1)
    come(event, ana, reduced)
    come(event, ben, reduced)

    come(event, ana, full)

    assert states(event, ana, ben) == [GOING, GOING]
    with pytest.raises(UserError, match="“Reduced” is full"):
        come(event, ana, reduced)


def test_ticket_seats_are_offered_where_hosts_chose_offers(ana, ben):
    event = factories.event(ana, promotion=OFFER)
    reduced = ticket(event, "Reduced", capacity=1)
    come(event, ana, reduced)
    come(event, ben, reduced)
    rsvps.withdraw(event, by=ana)

    assert states(event, ben) == [OFFERED]
    assert reduced.taken == 1


def test_a_ticket_outside_its_sale_period_cannot_be_chosen_but_is_kept(ana, ben, cem):
    event = factories.event(ana, max_plus_ones=2)
    day = timedelta(days=1)
    early = ticket(event, "Early", closes_at=clock.now() + day)
    late = ticket(event, "Late", opens_at=clock.now() + day)
    with pytest.raises(UserError, match="“Late” will be available from"):
        come(event, ben, late)
    db.session.rollback()
    come(event, ben, early, party=2)
    early.closes_at = clock.now() - day
    db.session.commit()

    assert come(event, ben, early, party=1).party == 1
    with pytest.raises(UserError, match="“Early” was available until"):
        come(event, ben, early, party=3)
    db.session.rollback()
    with pytest.raises(UserError, match="was available until"):
        come(event, cem, early)


def test_more_ticket_seats_go_to_the_waiting_list_and_used_tickets_stay(ana, ben):
    event = factories.event(ana)
    kind = tickets.add(event, by=ana, **VALUES)
    db.session.commit()
    for person in (ana, ben):
        come(event, person, kind)
    assert states(event, ana, ben) == [GOING, WAITING]
    assert price_in_words(kind) == "€7.50 at the door"

    with pytest.raises(UserError, match="2 answers have “Reduced”"):
        tickets.remove(event, kind, by=ana)
    db.session.rollback()
    tickets.change(event, kind, by=ana, **{**VALUES, "capacity": 5})

    assert states(event, ana, ben) == [GOING, GOING]


def test_required_questions_are_asked_only_of_attendees(ana, ben):
    event = factories.event(ana)
    one, _none = question(event, "Can you swim?", is_required=True)

    with pytest.raises(UserError, match="Please answer this") as broken:
        come(event, ben)
    assert broken.value.field == f"said_{one.id.hex}"
    db.session.rollback()
    rsvps.answer(event, by=ben, state="maybe")
    come(event, ben, said={one.id: "Like a fish"})

    assert reads.answers_to_questions(event) == (
        ["Can you swim?"],
        {rsvps.of(event, ben).id: ["Like a fish"]},
    )


def test_a_full_choice_is_refused_with_what_is_left_and_cannot_be_waited_for(ana, ben, cem, dia):
    event = factories.event(ana, capacity=2, max_plus_ones=1)
    one, boats = question(event, "Which boat?", Heron=2, Otter=None)
    come(event, ben, party=1, said={one.id: boats["Heron"].id})
    with pytest.raises(UserError, match="only 1 “Heron” left"):
        come(event, cem, party=2, said={one.id: boats["Heron"].id})
    db.session.rollback()
    come(event, dia, said={one.id: boats["Otter"].id})
    come(event, cem, said={one.id: boats["Heron"].id})
    assert states(event, cem) == [WAITING]
    assert boats["Heron"].taken == 1

    come(event, dia, said={one.id: boats["Heron"].id})
    rsvps.withdraw(event, by=ana) if rsvps.of(event, ana) else None
    event.capacity = 3
    rsvps.waitlist.capacity_changed(event)
    assert states(event, cem) == [WAITING]
    rsvps.withdraw(event, by=ben)
    assert states(event, cem, dia) == [GOING, GOING]
    assert boats["Heron"].taken == 2


def test_questions_can_change_and_old_answers_keep_their_text(ana, ben):
    event = factories.event(ana)
    asked_first = {"text": "Diet?", "kind": TEXT, "is_required": False, "choices": []}
    one = questions.add(event, by=ana, **asked_first)
    two = questions.add(event, by=ana, **{**asked_first, "text": "Anything else?", "kind": LONG})
    db.session.commit()
    digest = form.registration_form(event).digest
    come(event, ben, said={one.id: "Vegan", two.id: "No"})

    questions.move_up(event, two, by=ana)
    questions.change(event, one, by=ana, **{**asked_first, "text": "What do you eat?"})
    db.session.commit()
    assert [it.text for it in form.registration_form(event).questions] == [
        "Anything else?",
        "What do you eat?",
    ]
    with pytest.raises(Conflict, match="changed their questions"):
        rsvps.answer(event, by=ana, details=RegistrationAnswers(given={}, digest=digest))
    db.session.rollback()
    questions.remove(event, two, by=ana)
    db.session.commit()

    assert rsvps.of(event, ben).answers == [
        [str(one.id), "Diet?", "Vegan"],
        [str(two.id), "Anything else?", "No"],
    ]
    assert reads.answers_to_questions(event).columns == ["What do you eat?", "Anything else?"]


def test_a_choice_that_someone_took_can_be_renamed_but_not_removed(ana, ben):
    event = factories.event(ana)
    values = {"text": "Boat?", "kind": CHOICE, "is_required": True}
    one = questions.add(
        event, by=ana, **values, choices=[Choice(None, "Heron", 1), Choice(None, "Otter", None)]
    )
    db.session.commit()
    heron, otter = form.registration_form(event).choices[one.id]
    come(event, ben, said={one.id: heron.id})

    with pytest.raises(UserError, match="1 answer has “Heron”"):
        questions.change(
            event,
            one,
            by=ana,
            **values,
            choices=[Choice(otter.id, "Otter", None), Choice(None, "Swan", None)],
        )
    db.session.rollback()
    with pytest.raises(UserError, match="two to ten"):
        questions.change(event, one, by=ana, **values, choices=[Choice(heron.id, "Heron", 1)])
    db.session.rollback()
    questions.change(
        event,
        one,
        by=ana,
        **values,
        choices=[Choice(heron.id, "Crane", 4), Choice(otter.id, "Otter", None)],
    )

    counted(event)
    assert (heron.label, heron.capacity, heron.taken) == ("Crane", 4, 1)


def test_a_copied_event_has_the_same_tickets_and_questions_all_free(ana, ben):
    event = factories.event(ana)
    reduced = ticket(event, "Reduced", capacity=4)
    one, boats = question(event, "Which boat?", Heron=2, Otter=None)
    come(event, ben, reduced, said={one.id: boats["Heron"].id})

    copied = form.registration_form(planning.duplicate(event, by=ana))

    assert [(it.label, it.capacity, it.taken) for it in copied.tickets] == [("Reduced", 4, 0)]
    choices = copied.choices[copied.questions[0].id]
    assert [(it.label, it.capacity, it.taken) for it in choices] == [
        ("Heron", 2, 0),
        ("Otter", None, 0),
    ]


def test_people_who_gave_up_a_ticket_or_choice_must_get_it_again(ana, ben, cem):
    event = factories.event(ana)
    early = ticket(event, "Early", closes_at=clock.now() + timedelta(hours=1))
    food, dishes = question(event, Eel=1, Rice=None)

    def wants(dish):
        return RegistrationAnswers(
            ticket=early.id,
            given={food.id: str(dishes[dish].id)},
            digest=form.registration_form(event).digest,
        )

    rsvps.answer(event, by=ben, details=wants("Eel"))
    rsvps.withdraw(event, by=ben)
    rsvps.answer(event, by=cem, details=wants("Eel"))
    db.session.commit()

    with pytest.raises(UserError, match="“Eel” is full"):
        rsvps.answer(event, by=ben, details=wants("Eel"))
    db.session.rollback()
    with (
        time_machine.travel(clock.now() + timedelta(hours=2)),
        pytest.raises(UserError, match="was available until"),
    ):
        rsvps.answer(event, by=ben, details=wants("Rice"))


def test_tickets_with_the_same_name_are_refused_ignoring_case(ana):
    event = factories.event(ana)
    first = tickets.add(event, by=ana, **VALUES | {"label": "Réduced"})
    second = tickets.add(event, by=ana, **VALUES | {"label": "Full"})
    db.session.commit()

    for write in (tickets.add, lambda *args, **values: tickets.change(event, second, **values)):
        with pytest.raises(UserError, match="“Réduced” exists already") as refused:
            write(event, by=ana, **VALUES | {"label": "RÉDUCED"})
        assert refused.value.field == "label"
    tickets.change(event, first, by=ana, **VALUES | {"label": "réduced"})
    assert [it.label for it in form.registration_form(event).tickets] == ["réduced", "Full"]


def test_the_database_refuses_two_tickets_with_the_same_name(ana):
    first, second = factories.event(ana), factories.event(ana)
    ticket(first, "Full")
    ticket(second, "Full")
    question(first, "How far?", Full=None)

    with pytest.raises(IntegrityError):
        ticket(first, "Full")


@pytest.mark.parametrize("amount", [None, 0])
def test_a_ticket_paid_on_site_needs_an_amount(ana, amount):
    with pytest.raises(UserError, match="Enter what the ticket costs") as refused:
        tickets.add(factories.event(ana), by=ana, **VALUES | {"amount": amount})
    assert refused.value.field == "amount"
