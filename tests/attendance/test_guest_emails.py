"""Emails to guests: the same as to accounts, with a link to the guest's page."""

from datetime import timedelta

import icalendar
import pytest
import time_machine

from tests import factories
from tests.attendance.checking_in import MAIL, asked, guest, join_policy, path
from tests.events.change_notices import tell_everyone
from tests.events.plans import plan
from webapp.attendance import guests, jobs, rsvps
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events import moderation, planning
from webapp.events.models import GROUP, OFFER, WAITING

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def full(ana):
    """An event whose only seat is Ana's, with the guest Gil on its waiting list."""
    event = factories.event(ana, factories.group(ana), capacity=1, title="Eel count")
    rsvps.answer(event, by=ana)
    gil = guest(event)
    assert rsvps.of(event, gil).state == WAITING
    return event, gil


def to_gil(emails):
    return [email for email in emails() if email["To"] == MAIL]


def offered(event, ana):
    event.promotion = OFFER
    rsvps.withdraw(event, by=ana)
    db.session.commit()


def expired(event, ana):
    offered(event, ana)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        jobs.expire_offers()


def moved(event, ana):
    planning.update(
        event, plan(title=event.title, venue="Elsewhere", capacity=1), by=ana, version=event.version
    )


def closed(event, ana):
    planning.update(
        event,
        plan(title=event.title, audience=GROUP, capacity=1),
        by=ana,
        version=event.version,
        tell_people=False,
    )


NEWS = {
    "You’re on the waiting list: Eel count": lambda event, ana: None,
    "You have a seat: Eel count": lambda event, ana: rsvps.withdraw(event, by=ana),
    "A seat is free for you: Eel count": offered,
    "New time or place: Eel count": moved,
    "Cancelled: Eel count": lambda event, ana: planning.cancel(event, by=ana, reason="Storm"),
    "Now for members only: Eel count": closed,
    "Event hidden: Eel count": lambda event, ana: moderation.hide(event, by=ana),
}


@pytest.mark.parametrize("subject", NEWS)
def test_guest_emails_link_to_the_guest_page(emails, full, ana, subject):
    event, gil = full
    emails()
    NEWS[subject](event, ana)
    tell_everyone()
    db.session.commit()

    (email,) = [email for email in to_gil(emails) if email["Subject"].startswith(subject)]
    assert email["List-Unsubscribe"] is None
    for form in ("plain", "html"):
        words = email.get_body((form,)).get_content()
        assert f"http://127.0.0.1:8000{path(gil)}/deletion" in words
    assert join_policy(email) == path(gil)
    for name in (part.get_filename() for part in email.iter_attachments()):
        assert name == "event.ics"


def test_guests_are_told_that_their_offer_expired(emails, full, ana):
    expired(full[0], ana)
    assert "expired" in {row.template.rpartition("/")[2] for row in db.session.query(_email())}


def _email():
    from webapp.mail.models import OutgoingEmail

    return OutgoingEmail


def test_a_guests_answer_email_has_the_online_link_and_calendar_file(emails, ana):
    event = factories.event(ana, online_url="https://rooms.example/secret", title="Eel count")
    gil = guest(event)
    (email,) = to_gil(emails)

    assert email["Subject"] == "You’re going: Eel count"
    assert "https://rooms.example/secret" in email.get_body(("plain",)).get_content()
    (file,) = email.iter_attachments()
    (entry,) = icalendar.Calendar.from_ical(file.get_content()).walk("VEVENT")
    assert entry["STATUS"] == "CONFIRMED"
    assert join_policy(email) == path(gil)


def test_the_first_guest_email_says_that_no_seat_is_taken_yet(emails, ana):
    event = factories.event(ana, title="Eel count")
    gil = asked(event, "Buy at https://spam.example")
    (email,) = to_gil(emails)

    assert email["Subject"] == "One more step"
    assert join_policy(email) == path(gil)
    assert (
        "You get a seat only once you’ve answered there."
        in email.get_body(("plain",)).get_content()
    )
    assert "spam.example" not in email.as_string()
    guests.answer(gil)
    guests.send_link(event, MAIL)
    db.session.commit()
    assert [email["Subject"] for email in to_gil(emails)][-1] == "Your own page: Eel count"


def test_a_first_email_that_waited_until_answers_closed_is_dropped(emails, ana):
    event = factories.event(ana)
    asked(event)
    event.locked_at = clock.now()
    db.session.commit()
    assert to_gil(emails) == []


def test_the_email_about_an_existing_account_leads_to_the_answer_form(emails, ana, ben):
    event = factories.event(ana, title="Eel count")
    guests.ask(event, guests.NewGuest("Someone", ben.email))
    db.session.commit()
    (email,) = emails()

    assert (email["To"], email["Subject"]) == (ben.email, "You already have an account: Eel count")
    assert f"{event.path}/rsvp" in email.get_body(("plain",)).get_content()
    assert "/guests/" not in email.as_string()


def test_closed_accounts_get_no_email(emails, ana, ben):
    event = factories.event(ana)
    ben.deactivated_at = clock.now()
    guests.ask(event, guests.NewGuest("Someone", ben.email))
    db.session.commit()
    assert emails() == []
