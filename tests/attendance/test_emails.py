"""Emails about answers as rendered at delivery, and their calendar file."""

from email import message_from_string
from types import SimpleNamespace

import icalendar
import pytest

from tests import factories
from webapp.attendance import approvals, rsvps
from webapp.core.extensions import db
from webapp.events import planning
from webapp.events.models import GOING, MAYBE, NOT_GOING, OFFER, WAITING
from webapp.mail.jobs import rendering
from webapp.mail.models import OutgoingEmail

pytestmark = pytest.mark.usefixtures("context")


def written(row):
    held = SimpleNamespace(
        locale=row.locale,
        template=row.template,
        ids=row.ids,
        address=row.address,
        message_id=row.message_id,
    )
    return rendering.written(held)


def last_email():
    return db.session.query(OutgoingEmail).order_by(OutgoingEmail.id.desc()).first()


def entry_of(data):
    (entry,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return entry


@pytest.mark.parametrize(
    ("state", "subject", "status"),
    [
        (GOING, "You’re going: ", "CONFIRMED"),
        (MAYBE, "You answered “Maybe”: ", "TENTATIVE"),
        (NOT_GOING, "You’re not going: ", "CANCELLED"),
    ],
)
def test_every_answer_email_has_the_calendar_file(ana, ben, state, subject, status):
    event = factories.event(ana, title="Seed swap", online_url="https://rooms.example/secret")
    rsvps.answer(event, by=ben, state=state)

    email = written(last_email())

    assert email.subject == f"{subject}Seed swap"
    assert event.path in email.body
    assert event.path in email.html
    (file,) = email.attachments
    assert entry_of(file.data)["STATUS"] == status
    assert ("rooms.example" in email.body + email.html + file.data.decode()) == (state == GOING)


def test_each_email_that_cancels_or_restores_the_event_raises_sequence(ana, ben, browser):
    event = factories.event(ana, title="Seed swap", max_plus_ones=3)
    page = browser(ben)

    def answered(answer, **more):
        page.get(event.path)
        page.submit(f"{event.path}/rsvp", answer=answer, **more)
        (file,) = written(last_email()).attachments
        entry = entry_of(file.data)
        return entry["SEQUENCE"], str(entry["STATUS"]), b"METHOD:CANCEL" in file.data

    assert answered(NOT_GOING) == (event.version + 1, "CANCELLED", True)
    assert answered(GOING) == (event.version + 2, "CONFIRMED", False)
    assert answered(GOING, party="2") == (event.version + 2, "CONFIRMED", False)
    assert answered(MAYBE) == (event.version + 2, "TENTATIVE", False)
    assert answered(NOT_GOING) == (event.version + 3, "CANCELLED", True)
    assert answered(GOING) == (event.version + 4, "CONFIRMED", False)
    assert f"SEQUENCE:{event.version + 4}" in page.get(f"{event.path}/event.ics").text

    planning.cancel(event, ana, "Rain")
    db.session.commit()
    assert f"SEQUENCE:{event.version + 4}" in page.get(f"{event.path}/event.ics").text


def test_declining_a_request_raises_sequence(ana, ben):
    event = factories.event(ana, requires_approval=True)
    row = rsvps.answer(event, by=ben)
    db.session.flush()
    assert row.calendar_turns == 0
    approvals.decline(event, row.id, ana)

    assert row.calendar_turns == 1


def test_the_waiting_email_says_the_position(ana, ben, cem):
    event = factories.event(ana, capacity=1, title="Seed swap")
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)

    email = written(last_email())

    assert email.subject == "You’re on the waiting list: Seed swap"
    assert "You’re number 1." in email.body


def test_an_email_about_an_outdated_answer_is_dropped(ana, ben):
    event = factories.event(ana)
    rsvps.answer(event, by=ben)
    first = last_email()
    rsvps.answer(event, by=ben, state=NOT_GOING)

    assert written(first) is None
    assert written(last_email()).subject.startswith("You’re not going")


@pytest.mark.parametrize("promotion", ["automatic", OFFER])
def test_promoted_people_are_told_and_learn_what_to_do(ana, ben, cem, promotion):
    event = factories.event(ana, capacity=1, title="Seed swap", promotion=promotion)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    rsvps.withdraw(event, by=ben)

    row = next(
        found
        for found in db.session.query(OutgoingEmail)
        if found.template in ("events/promoted", "events/offered")
    )
    email = written(row)

    assert row.address == cem.email
    assert email.subject in ("You have a seat: Seed swap", "A seat is free for you: Seed swap")
    if promotion == OFFER:
        assert "Accept or decline: " in email.body
        rsvps.decline_offer(event, by=cem)
        assert rsvps.of(event, cem).state == WAITING
        assert written(row) is None


def test_an_email_is_one_message_with_its_attachment(ana, ben):
    rsvps.answer(factories.event(ana), by=ben)

    email = message_from_string(written(last_email()).as_string())

    parts = [part for part in email.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "image/png",
        "text/calendar",
    ]
    assert (parts[3].get_param("method"), parts[3].get_filename()) == ("PUBLISH", "event.ics")
