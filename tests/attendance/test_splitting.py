"""Split parties: those who fit get seats, and the rest waits if the party agrees."""

import pytest

from tests import factories
from tests.events import counted, ticket
from webapp.attendance import leaving, reads, rsvps, rsvps_by_host, waitlist
from webapp.attendance.labels import step_in_words
from webapp.attendance.reads import event_view
from webapp.attendance.registration.answers import RegistrationAnswers
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.events.models import GOING, NOT_GOING, OFFER, WAITING
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


def statuses(event, *people):
    counted(event)
    return [
        (row.state, row.party, row.seats_waiting)
        for row in (rsvps.of(event, person) for person in people)
    ]


@pytest.fixture
def full(ana, ben, cem):
    """An event with three seats, of which Ben and Cem have one each."""
    event = factories.event(ana, capacity=3, max_plus_ones=2)
    for person in (ben, cem):
        rsvps.answer(event, by=person)
    db.session.commit()
    return event


def test_a_growing_party_without_enough_seats_is_refused_unless_it_splits(full, ben):
    with pytest.raises(
        UserError, match="Only 1 more seat is free. Your answer hasn’t changed"
    ) as broken:
        rsvps.answer(full, by=ben, party=3)
    db.session.rollback()

    assert broken.value.field == "party"
    assert statuses(full, ben) == [(GOING, 1, 0)]


def test_a_split_party_keeps_its_seat_takes_the_free_one_and_waits_for_the_rest(
    full, ana, ben, cem
):
    rsvps.answer(full, by=ben, party=3, split=True)
    rsvps.answer(full, by=ana)

    assert statuses(full, ben, ana) == [(GOING, 2, 1), (WAITING, 1, 0)]
    assert (full.seats_taken, full.waiting_count) == (3, 2)
    assert [reads.position_of(full, rsvps.of(full, who)) for who in (ben, ana)] == [1, 2]
    mine = reads.answers_to(full, ben)
    assert [(party.party, party.is_rest) for party in mine.waitlist.parties] == [
        (1, True),
        (1, False),
    ]
    assert mine.waitlist.mine == 1

    rsvps.withdraw(full, by=cem)
    db.session.commit()

    assert statuses(full, ben, ana) == [(GOING, 3, 0), (WAITING, 1, 0)]
    assert [(line.user_id, line.kind) for line in db.session.query(Notification)] == [
        (ben.id, "rsvp.promoted")
    ]
    said = [step_in_words(step) for step in reads.waitlist_steps(full)][::-1]
    assert any("the rest of their group is going" in words for words in said)


def test_a_new_party_may_be_split_or_wait_as_a_whole(full, ana, dia):
    rsvps.answer(full, by=ana, party=2)
    assert statuses(full, ana) == [(WAITING, 2, 0)]

    rsvps.answer(full, by=dia, party=3, split=True)

    assert statuses(full, ana, dia) == [(WAITING, 2, 0), (GOING, 1, 2)]


def test_the_rest_waits_last_and_keeps_its_position_when_it_shrinks(full, ana, ben, cem, dia):
    rsvps.answer(full, by=dia, party=3)
    rsvps.answer(full, by=ben, party=3, split=True)
    assert statuses(full, dia, ben) == [(WAITING, 3, 0), (GOING, 2, 1)]
    rsvps.answer(full, by=ana)
    place = rsvps.of(full, ben).position

    rsvps.answer(full, by=ben, party=3)
    assert (rsvps.of(full, ben).position, rsvps.of(full, ben).seats_waiting) == (place, 1)
    rsvps.answer(full, by=ben, party=2)
    assert statuses(full, ben) == [(GOING, 2, 0)]
    assert full.waiting_count == 2


def test_the_rest_gets_seats_directly_where_others_get_offers(full, ben, cem):
    full.promotion = OFFER
    db.session.commit()
    rsvps.answer(full, by=ben, party=3, split=True)

    rsvps.withdraw(full, by=cem)

    assert statuses(full, ben) == [(GOING, 3, 0)]


def test_a_rest_that_does_not_fit_is_skipped_with_its_reason(full, ana, ben, cem, dia):
    rsvps.answer(full, by=dia)
    rsvps.answer(full, by=ben, party=3, split=True)
    rsvps.answer(full, by=ana)
    assert statuses(full, ben, ana) == [(GOING, 1, 2), (WAITING, 1, 0)]

    rsvps.withdraw(full, by=cem)

    assert statuses(full, ben, ana) == [(GOING, 1, 2), (GOING, 1, 0)]
    skipped = next(step for step in reads.waitlist_steps(full) if step.step == "skipped")
    assert (
        step_in_words(skipped)
        == f"{ben.name} (2 people) was skipped (not enough seats). They keep their place. "
        "1 seat was free."
    )


def test_giving_back_all_seats_ends_the_wait_of_the_rest(full, ben):
    rsvps.answer(full, by=ben, party=3, split=True)

    rsvps.withdraw(full, by=ben)

    assert statuses(full, ben) == [(NOT_GOING, 1, 0)]
    assert full.waiting_count == 0


def test_leaving_the_site_ends_the_wait_of_the_rest(full, ben):
    rsvps.answer(full, by=ben, party=3, split=True)
    db.session.commit()

    leaving.left_site(ben)

    assert statuses(full, ben) == [(NOT_GOING, 1, 0)]
    assert full.waiting_count == 0


def test_more_seats_go_to_the_rest_and_the_email_says_so(full, ben):
    rsvps.answer(full, by=ben, party=3, split=True)
    full.capacity = 9
    waitlist.capacity_changed(full)
    db.session.commit()

    assert statuses(full, ben) == [(GOING, 3, 0)]
    assert db.session.query(OutgoingEmail).filter_by(template="events/promoted").count() == 1


# People who already wait


@pytest.fixture
def waiting(full, ana, dia):
    """A waiting list with Dia's party of three before Ana's party of two, and one free seat."""
    rsvps.answer(full, by=dia, party=3)
    rsvps.answer(full, by=ana, party=2)
    db.session.commit()
    return full


def test_a_waiting_party_takes_a_free_seat_and_the_rest_keeps_its_position(waiting, ana, cem, dia):
    place = rsvps.of(waiting, dia).position
    rsvps.answer(waiting, by=dia, party=3, split=True)
    db.session.commit()

    assert statuses(waiting, dia, ana) == [(GOING, 1, 2), (WAITING, 2, 0)]
    assert rsvps.of(waiting, dia).position == place
    assert step_in_words(reads.waitlist_steps(waiting)[0]) == (
        f"{dia.name} (1 person) took the free seat; the rest of their group keeps its place on the "
        "list. 1 seat was free."
    )
    assert (
        db.session.query(OutgoingEmail)
        .filter_by(template="events/answered", address=dia.email)
        .count()
        == 1
    )

    waiting.capacity = 5
    waitlist.capacity_changed(waiting)
    assert statuses(waiting, dia, ana) == [(GOING, 3, 0), (WAITING, 2, 0)]


def test_the_log_says_who_was_skipped_when_a_later_party_splits(waiting, ana, dia):
    rsvps.answer(waiting, by=ana, party=2, split=True)

    assert statuses(waiting, dia, ana) == [(WAITING, 3, 0), (GOING, 1, 1)]
    parted, skipped = reads.waitlist_steps(waiting)[:2]
    assert (parted.step, parted.user_id) == ("parted", ana.id)
    assert (skipped.step, skipped.user_id) == ("skipped", dia.id)


def test_a_waiting_party_stays_whole_without_a_free_seat_or_the_wish_to_split(
    waiting, ana, cem, dia
):
    rsvps.answer(waiting, by=dia, party=3)
    rsvps.answer(waiting, by=ana, party=1)
    rsvps.answer(waiting, by=dia, party=3, split=True)

    assert statuses(waiting, dia, ana) == [(WAITING, 3, 0), (GOING, 1, 0)]


def test_the_page_says_what_splitting_would_do(waiting, dia):
    view = event_view.view_for(dia, waiting)

    assert view.may_split
    assert view.says["going-3"] == "Save answer"
    assert view.says["going-3-split"] == "Send: 1 going, 2 waiting"
    assert view.hint.startswith("1 seat is free. One of you can take it.")


def test_a_party_is_split_when_its_ticket_has_too_few_seats(ana, ben, cem):
    event = factories.event(ana, capacity=9, max_plus_ones=2)
    reduced = ticket(event, "Reduced", capacity=3)
    rsvps.answer(event, by=ben, party=2, details=RegistrationAnswers(reduced.id))
    rsvps.answer(event, by=cem, party=3, details=RegistrationAnswers(reduced.id))
    assert statuses(event, cem) == [(WAITING, 3, 0)]

    rsvps.answer(event, by=cem, party=3, split=True, details=RegistrationAnswers(reduced.id))

    assert statuses(event, cem) == [(GOING, 1, 2)]


def test_hosts_see_how_many_of_a_split_party_are_waiting(full, ana, dia, browser):
    rsvps_by_host.answer_for(full, by=ana, who=dia, party=3, split=True)
    db.session.commit()
    page = browser(ana)

    for path in ("answers", "attendees"):
        page.get(f"{full.path}/manage/{path}")
        assert "and 2 more on the waiting list" in page.text
    page.get(f"{full.path}/manage/attendees?tab=waitlist")
    assert [cell.get_text() for cell in page.page.select('td[data-label="People"]')] == [
        "2 more people. The others are going."
    ]
