"""The guest form, which reveals nothing about addresses, and a guest's own page."""

import json
from uuid import uuid4

import icalendar
import pytest
import sqlalchemy as sa

from tests import factories
from tests.attendance.checking_in import MAIL, asked, days, guest, join_policy, path
from tests.mail.deciding import decide
from webapp.attendance import guest_links, rsvps
from webapp.core.extensions import db
from webapp.core.http import tokens
from webapp.events.models import GOING, GROUP, NOT_GOING, OFFER, OFFERED, WAITING, Guest, Rsvp

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


@pytest.fixture
def event(ana):
    """Ana's event, with two seats and plus-ones."""
    return factories.event(
        ana,
        title="Eel count",
        slug="eels",
        capacity=2,
        max_plus_ones=2,
        online_url="https://rooms.example/x",
    )


def state_of(guest_or_user, event):
    db.session.rollback()
    row = rsvps.of(event, guest_or_user)
    return row.state if row is not None else None


def test_a_visitor_gets_a_seat_through_the_guest_form(visitor, emails, event):
    visitor.get("/events/eels")
    assert "Set-Cookie" not in visitor.answer.headers
    assert visitor.page.find("form", method="post") is None
    visitor.get(visitor.page.find("a", string="Answer without an account")["href"])
    visitor.submit("/guest", name="Gil", email="Gil@Example.org", zone="Asia/Kolkata")
    assert "We’ve sent an email to gil@example.org." in visitor.text
    assert db.session.scalar(sa.select(sa.func.count(Rsvp.id))) == 0

    way = join_policy(emails()[0])
    visitor.get(way)
    assert visitor.answer.headers["Cache-Control"] == "private, no-store"
    assert "You don’t have a seat yet" in visitor.text
    assert "https://rooms.example/x" not in visitor.text
    assert "your time (Kolkata)" in visitor.text
    visitor.submit("/rsvp", answer="going", party="2")
    assert "You’re going" in visitor.text
    assert "You + 1." in visitor.text
    assert visitor.page.find("a", href="https://rooms.example/x")
    gil = db.session.query(Guest).one()
    assert (gil.email, gil.zone, gil.confirmed_at is None) == (MAIL, "Asia/Kolkata", False)


def test_the_guest_form_responds_the_same_for_every_address(browser, ana, ben, event):
    guest(event, email="known@example.org")
    answers = set()
    for email in ("new@example.org", "known@example.org", ben.email):
        page = browser()
        page.get("/events/eels/guest")
        page.submit("/guest", name="Someone", email=email)
        answers.add(page.text.replace(email, "…"))
        page.get("/events/eels/guest/link")
        page.submit("/link", email=email)
        answers.add(page.text)
    assert len(answers) == 2


def test_missing_fields_are_explained_and_bots_change_nothing(visitor, event):
    visitor.get("/events/eels/guest")
    assert visitor.submit("/guest", name=" ", email="no address").status_code == 422
    assert "Enter your name." in visitor.text
    visitor.get("/events/eels/guest")
    visitor.submit("/guest", name="Bot", email="bot@example.org", homepage="https://spam.example")
    assert "We’ve sent" in visitor.text
    assert db.session.scalar(sa.select(sa.func.count(Guest.id))) == 0


def test_one_address_gets_at_most_five_emails_an_hour(visitor, event):
    statuses = [
        visitor.post("/events/eels/guest", {"name": "Gil", "email": MAIL}).status_code
        for _ in range(6)
    ]
    assert statuses == [303] * 5 + [429]


def test_signed_in_people_answer_with_their_account(browser, ben, event):
    page = browser(ben)
    assert page.get("/events/eels/guest").headers["Location"] == "/events/eels#rsvp"
    page.get("/events/eels")
    assert page.page.find("a", string="Answer without an account") is None


def test_events_without_guests_explain_it_and_have_no_guest_link(visitor, event):
    event.allows_guests = False
    db.session.commit()
    visitor.get("/events/eels")
    assert "Answer without an account" not in visitor.text
    visitor.get("/events/eels/guest")
    assert "You need an account to answer" in visitor.text
    assert visitor.post("/events/eels/guest", {"name": "Gil", "email": MAIL}).status_code == 422


def test_opening_the_link_changes_nothing(visitor, event):
    gil = asked(event)
    for end in ("", "/deletion", "/data.json", "/event.ics", "/message"):
        assert visitor.get(path(gil) + end).status_code == 200
    db.session.expire_all()
    assert gil.confirmed_at is None
    assert state_of(gil, event) is None


def test_a_guest_changes_cancels_and_returns(visitor, event):
    gil = guest(event, party=2)
    visitor.get(path(gil))
    visitor.submit("/rsvp", answer="going", party="1")
    assert "Just you." in visitor.text
    visitor.submit("/rsvp", answer="not_going")
    assert state_of(gil, event) == NOT_GOING
    assert event.seats_taken == 0
    visitor.submit("/rsvp", answer="maybe")
    assert "You answered “Maybe”" in visitor.text


def test_a_refused_guest_answer_is_explained_at_its_field(visitor, ana, event):
    gil = guest(event)
    rsvps.answer(event, by=ana)
    db.session.commit()
    visitor.get(path(gil))
    assert visitor.submit("/rsvp", answer="going", party="2").status_code == 422
    assert "No more seats are free." in visitor.text
    assert visitor.post(path(gil) + "/offer/refusal").status_code == 409


def test_guests_see_their_position_and_can_decline_or_leave(visitor, ana, event):
    event.promotion = OFFER
    rsvps.answer(event, by=ana, party=2)
    gil = guest(event)
    visitor.get(path(gil))
    assert "You’re number 1 on the waiting list" in visitor.text
    rsvps.withdraw(event, by=ana)
    db.session.commit()
    assert state_of(gil, event) == OFFERED

    visitor.get(path(gil))
    visitor.submit("/offer/refusal")
    assert state_of(gil, event) == WAITING
    visitor.submit("/rsvp/removal")
    assert state_of(gil, event) == NOT_GOING


def test_guests_accept_an_offer(visitor, ana, event):
    event.promotion = OFFER
    rsvps.answer(event, by=ana, party=2)
    gil = guest(event)
    rsvps.withdraw(event, by=ana)
    db.session.commit()
    visitor.get(path(gil))
    visitor.submit("/offer/acceptance")
    assert state_of(gil, event) == GOING
    assert "You’re going" in visitor.text


def test_htmx_gets_only_the_answer_fragment(visitor, event):
    gil = guest(event)
    answer = visitor.fragment(path(gil), "div#rsvp")
    assert answer.text.lstrip().startswith('<div class="card lifted stack" id="rsvp"')
    assert f'action="{path(gil)}/rsvp"' in answer.text


def test_the_guest_calendar_file_has_the_online_link_only_when_going(visitor, event):
    gil = guest(event, state="maybe")
    for state, is_in in (("maybe", False), ("going", True)):
        visitor.post(path(gil) + "/rsvp", {"answer": state, "party": "1"})
        file = visitor.get(path(gil) + "/event.ics")
        assert file.mimetype == "text/calendar"
        (entry,) = icalendar.Calendar.from_ical(file.get_data()).walk("VEVENT")
        assert ("rooms.example" in str(entry["DESCRIPTION"])) is is_in


def test_guests_download_and_delete_their_data_after_confirmation(visitor, event):
    gil = guest(event)
    way = path(gil)
    known = json.loads(visitor.get(way + "/data.json").get_data())
    assert known["guest"]["email"] == MAIL

    visitor.get(way + "/deletion")
    assert "withdraw your answer to “Eel count”" in visitor.text
    visitor.submit("/deletion")
    assert (
        "Your name and email address were deleted, and your answer was withdrawn." in visitor.text
    )
    assert db.session.scalar(sa.select(sa.func.count(Guest.id))) == 0
    assert visitor.get(way).status_code == 404
    assert "This link doesn’t work" in visitor.text


def test_deletion_after_the_event_does_not_withdraw_the_answer(visitor, event):
    gil, kim = guest(event), asked(event, "Kim", "kim@example.org")
    event.starts_at, event.ends_at = days(-2), days(-1)
    db.session.commit()
    for who, counts in ((gil, True), (kim, False)):
        visitor.get(path(who) + "/deletion")
        assert ("will still count you" in visitor.text) is counts
        visitor.submit("/deletion")
        assert "Your name and email address were deleted." in visitor.text
        assert "withdrawn" not in visitor.text


def test_invalid_guest_links_give_404(visitor, event):
    gil, kim = guest(event), guest(event, "Kim", "kim@example.org")
    old = path(gil)
    for purpose in ("accounts-verify", "accounts-reset", "invitations", "events-feed"):
        token = tokens.derive(purpose, gil.id, gil.nonce)
        assert visitor.get(f"/guests/{gil.id}/{token}").status_code == 404
    assert visitor.get(f"/guests/{kim.id}/{old.rpartition('/')[2]}").status_code == 404
    assert visitor.get(f"/guests/{uuid4()}/x").status_code == 404

    visitor.get("/events/eels/guest/link")
    visitor.submit("/link", email=MAIL)
    decide()
    for end in ("", "/deletion", "/data.json", "/event.ics", "/message"):
        assert visitor.get(old + end).status_code == 404
    for end in (
        "/rsvp",
        "/rsvp/removal",
        "/offer/acceptance",
        "/offer/refusal",
        "/deletion",
        "/message",
    ):
        assert visitor.post(old + end, {"answer": "not_going", "party": "1"}).status_code == 404
    assert state_of(gil, event) == GOING
    assert visitor.get(guest_links.path(gil)).status_code == 200


def test_guests_of_a_closed_event_can_still_download_and_delete_data(visitor, ana, ben):
    event = factories.event(ana, factories.group(ana, ben), title="Eel count")
    gil = guest(event)
    event.audience = GROUP
    db.session.commit()
    visitor.get(path(gil))
    assert "You can’t see this event right now" in visitor.text
    assert visitor.get(path(gil) + "/event.ics").status_code == 404
    visitor.get(path(gil) + "/deletion")
    visitor.submit("/deletion")
    assert db.session.scalar(sa.select(sa.func.count(Guest.id))) == 0


def test_hosts_and_attendees_see_who_is_a_guest(browser, ana, ben, event):
    rsvps.answer(event, by=ben)
    guest(event)
    guest(event, "Kim", "kim@example.org")
    page = browser(ana)
    page.get("/events/eels")
    people = page.page.find(id="people").get_text(" ")
    assert "Gil" in people
    assert "Guest" in people
    assert "Kim (guest)" in page.page.find(id="waitlist").get_text(" ")
    page = browser(ben)
    page.get("/events/eels")
    assert "Kim" not in page.text
