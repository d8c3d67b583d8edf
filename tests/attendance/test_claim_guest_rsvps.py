"""An account claims the guest answers of its address: no seat is lost or counted twice."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.attendance.checking_in import MAIL, asked, guest, path
from tests.events import counted, rows_of
from tests.groups.racing import at_once, waiting_for_each_other
from webapp.accounts import email_addresses, emailed_links, sign_ups, verifications
from webapp.accounts.models import User
from webapp.attendance import guest_links, guests, reads, rsvps
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.events.models import GOING, MAYBE, NOT_GOING, OFFER, OFFERED, WAITING, Event, Guest
from webapp.groups import memberships, reads as group_reads

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def gil():
    """Gil, who has signed up with a guest's address and hasn't confirmed it yet."""
    return factories.user("Gil", "Moreau", email=MAIL, verified_at=None)


def takes_over(user):
    """Give the account the guest's address, and let it claim their answers; commit."""
    db.session.commit()
    user.email = MAIL
    guests.take_over(user)
    db.session.commit()


def verify(user):
    verifications.mark_verified(user)
    db.session.commit()


def test_confirming_an_address_claims_guest_answers_and_ends_the_link(ana, gil):
    event = factories.event(ana, capacity=1)
    guest(event, "Kim", "kim@example.org")
    before = guest(event)
    elsewhere = factories.event(ana)
    asked(elsewhere)
    path = guest_links.path(before).rpartition("/")[2]
    before_id = before.id
    verify(gil)

    assert rsvps.of(event, gil).state == WAITING
    assert [row.user_id for row in counted(event)].count(gil.id) == 1
    assert guest_links.find(before_id, path) is None
    assert guests.of(event, MAIL) is guests.of(elsewhere, MAIL) is None
    assert gil.id in {step.user_id for step in reads.waitlist_steps(event)}


def test_guest_answers_are_claimed_only_after_the_sign_up_is_approved(ana, gil):
    event = factories.event(ana)
    before = guest(event)
    gil.approved_at = None
    verify(gil)
    guests.answer(before, state=MAYBE)
    sign_ups.approve(gil, by=ana)
    db.session.commit()

    assert rsvps.of(event, gil).state == MAYBE


def test_changing_the_address_claims_guest_answers_too(ana, ben):
    event = factories.event(ana)
    guest(event)
    link = emailed_links.current_or_new(ben, emailed_links.CHANGE, MAIL)
    email_addresses.change(link)
    db.session.commit()

    assert rsvps.of(event, ben).state == GOING
    assert db.session.scalar(sa.select(sa.func.count(Guest.id))) == 0


@pytest.mark.parametrize(
    ("as_guest", "with_account", "stays", "party"),
    [
        ((GOING, 1), (MAYBE, 1), GOING, 1),
        ((MAYBE, 1), (GOING, 2), GOING, 2),
        ((GOING, 3), (GOING, 1), GOING, 3),
        ((GOING, 1), (GOING, 3), GOING, 3),
        ((NOT_GOING, 1), (MAYBE, 1), MAYBE, 1),
        ((NOT_GOING, 1), (NOT_GOING, 1), NOT_GOING, 1),
    ],
)
def test_the_better_of_two_answers_is_kept(ana, ben, as_guest, with_account, stays, party):
    event = factories.event(ana, capacity=9, max_plus_ones=3)
    rsvps.answer(event, by=ben, state=with_account[0], party=with_account[1])
    guest(event, state=as_guest[0], party=as_guest[1])
    takes_over(ben)

    (row,) = counted(event)
    assert (row.user_id, row.state, row.party) == (ben.id, stays, party)


def test_a_duplicate_seat_goes_to_the_waiting_list(ana, ben, cem):
    event = factories.event(ana, capacity=2)
    rsvps.answer(event, by=ben)
    guest(event)
    rsvps.answer(event, by=cem)
    takes_over(ben)

    assert (rsvps.of(event, ben).state, rsvps.of(event, cem).state) == (GOING, GOING)
    counted(event)


def test_the_earlier_waiting_list_position_is_kept(ana, ben, cem):
    event = factories.event(ana, capacity=1)
    rsvps.answer(event, by=ana)
    guest(event)
    rsvps.answer(event, by=cem)
    rsvps.answer(event, by=ben)
    takes_over(ben)

    waiting = [row.user_id for row in counted(event) if row.state == WAITING]
    assert waiting == [ben.id, cem.id]


def test_a_claimed_offer_still_holds_its_seat(ana, ben):
    event = factories.event(ana, capacity=1, promotion=OFFER)
    rsvps.answer(event, by=ana)
    guest(event)
    rsvps.withdraw(event, by=ana)
    takes_over(ben)

    assert rsvps.of(event, ben).state == OFFERED
    assert rsvps.accept_offer(event, by=ben).state == GOING
    counted(event)


def test_people_banned_from_the_group_claim_no_seat(ana, ben, cem):
    group = factories.group(ana, ben, cem)
    event = factories.event(ana, group, capacity=1)
    guest(event)
    rsvps.answer(event, by=cem)
    memberships.remove(group_reads.membership_of(group, ben), by=ana, banned=True)
    takes_over(ben)

    assert (rsvps.of(event, ben).state, rsvps.of(event, cem).state) == (NOT_GOING, GOING)
    counted(event)


def at_the_same_moment(app, monkeypatch, *acts):
    """Run the acts so that each has read the answers before the other writes, unless a lock
    prevents it.
    """
    monkeypatch.setattr(rsvps, "of", waiting_for_each_other(rsvps.of))
    db.session.rollback()
    return at_once(app, acts)


def test_a_guest_promoted_during_the_claim_has_one_seat(app, ana, gil, monkeypatch):
    event = factories.event(ana, capacity=1)
    rsvps.answer(event, by=ana)
    guest(event)
    event_id, gil_id, ana_id = event.id, gil.id, ana.id

    done = at_the_same_moment(
        app,
        monkeypatch,
        lambda: rsvps.withdraw(db.session.get(Event, event_id), by=db.session.get(User, ana_id)),
        lambda: verifications.mark_verified(db.session.get(User, gil_id)),
    )

    assert done == ["done", "done"]
    db.session.refresh(event)
    assert {row.user_id: row.state for row in counted(event)} == {ana_id: NOT_GOING, gil_id: GOING}
    assert len(rows_of(event)) == 2


def test_a_guest_cancelling_during_the_claim_frees_the_seat_once(app, ana, ben, monkeypatch):
    event = factories.event(ana, capacity=3)
    rsvps.answer(event, by=ben)
    guest_id, event_id, ben_id = guest(event).id, event.id, ben.id
    ben.email = MAIL
    db.session.commit()

    done = at_the_same_moment(
        app,
        monkeypatch,
        lambda: rsvps.withdraw(db.session.get(Event, event_id), by=db.session.get(Guest, guest_id)),
        lambda: guests.take_over(db.session.get(User, ben_id)),
    )

    assert done in (["done", "done"], ["done", "refused"])
    db.session.refresh(event)
    assert {row.user_id: row.state for row in counted(event)} == {ben_id: GOING}
    assert event.seats_taken == 1


def test_a_guest_page_opened_before_the_claim_cannot_answer(ana, gil):
    event = factories.event(ana)
    before = guest(event)
    verify(gil)
    with pytest.raises(Conflict, match="no longer works"):
        guests.answer(before)


def test_a_claimed_guest_link_leads_to_sign_in(ana, ben, browser, visitor):
    gil = guest(factories.event(ana))
    ways = (path(gil), guest_links.unsubscribe_url(gil))
    ben.email = gil.email
    guests.take_over(ben)
    db.session.commit()
    for way in ways:
        assert visitor.get(way).status_code == 404
        assert "email about the event" not in visitor.text
        assert (
            visitor.page.find("main").find("a", class_="main")["href"]
            == "/sign-in?next=/events/mine"
        )
    signed_in = browser(ben)
    signed_in.get(ways[0])
    assert signed_in.page.find("main").find("a", class_="main")["href"] == "/events/mine"
