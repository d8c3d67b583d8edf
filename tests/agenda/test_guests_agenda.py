"""The agenda under a guest's own page, opened with the guest's link."""

import json

import pytest

from tests.agenda import conference, going, session, states
from tests.attendance.checking_in import asked, guest, join_policy, path
from tests.events import calendars
from tests.mail.deciding import decide
from webapp.agenda import bookings
from webapp.attendance import guests
from webapp.core.extensions import db
from webapp.events.models import GOING, NOT_GOING, OFFER, OFFERED, WAITING

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana):
    return conference(ana)


def link(page, words):
    """Return the target of the link with this text."""
    return next(
        found["href"] for found in page.page.find_all("a") if found.get_text(strip=True) == words
    )


def test_guests_book_and_cancel_sessions_and_are_warned_of_overlaps(event, visitor):
    bread, soil = session(event, "Bread", capacity=3), session(event, "Soil", at=30)
    gil = guest(event, party=2)
    way = path(gil)

    visitor.get(way)
    visitor.get(link(visitor, "View agenda"))
    assert visitor.answer.headers["Cache-Control"] == "private, no-store"
    visitor.get(link(visitor, "Bread"))
    assert visitor.page.find("script", src=lambda src: src and "htmx" in src), (
        "its forms are sent without leaving the page"
    )
    assert visitor.submit("/booking", party="2").status_code == 200
    assert "It’s on your agenda" in visitor.text
    assert states(bread, gil) == [(GOING, 2)]

    visitor.get(f"{way}/agenda/{soil.id}")
    assert "This overlaps with" in visitor.text
    visitor.submit("/booking", party="1")
    visitor.get(link(visitor, "My agenda"))
    assert "1 overlap in your agenda" in visitor.text
    assert {link["href"] for link in visitor.page.select("article a")} == {
        f"{way}/agenda/{one.id}" for one in (bread, soil)
    }
    file = visitor.get(f"{way}/agenda/mine.ics").data
    assert {str(entry["SUMMARY"]) for entry in calendars.entries(file)} == {"Bread", "Soil"}
    assert [
        row["session"] for row in json.loads(visitor.get(f"{way}/data.json").text)["sessions"]
    ] == ["Bread", "Soil"]

    visitor.get(f"{way}/agenda/{bread.id}")
    visitor.submit("/booking/removal")
    assert states(bread, gil) == [(NOT_GOING, 1)]


def test_a_free_seat_is_offered_to_a_guest_by_email_with_a_link(event, ana, visitor, emails):
    event.promotion = OFFER
    going(event, ana)
    bread = session(event, "Bread", capacity=1)
    bookings.book(bread, by=ana)
    gil = guest(event)
    visitor.post(f"{path(gil)}/agenda/{bread.id}/booking", {"party": "1"})
    assert states(bread, gil) == [(WAITING, 1)]
    emails()

    bookings.cancel(bread, by=ana)
    db.session.commit()
    (email,) = [email for email in emails() if "Bread" in email["Subject"]]
    assert email["To"] == gil.email
    assert email["Subject"].startswith("A seat is free for you: Bread (")
    assert states(bread, gil) == [(OFFERED, 1)]

    way = f"{join_policy(email)}/agenda/{bread.id}"
    assert way in email.get_body(("plain",)).get_content()
    visitor.get(way)
    visitor.submit("/offer/refusal")
    assert "You’re number 1 on the waiting list" in visitor.text
    bookings.cancel(bread, by=gil)
    bookings.book(bread, by=gil)
    db.session.commit()
    assert states(bread, gil) == [(GOING, 1)]


def test_accepting_an_offer_repeatedly_has_one_effect(event, ana, visitor):
    event.promotion = OFFER
    going(event, ana)
    bread, gil = session(event, "Bread", capacity=1), guest(event)
    bookings.book(bread, by=ana)
    bookings.book(bread, by=gil)
    bookings.cancel(bread, by=ana)
    db.session.commit()
    at = f"{path(gil)}/agenda/{bread.id}"

    answers = [visitor.post(f"{at}/offer/acceptance") for _ in range(2)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (303, at)
    ] * 2
    assert states(bread, gil) == [(GOING, 1)]


def test_guests_who_are_not_going_are_sent_to_their_answer_first(event, visitor):
    bread, gil = session(event, "Bread"), asked(event)
    at = f"{path(gil)}/agenda/{bread.id}"

    visitor.get(at)
    assert visitor.page.find("a", string="Your page", class_="btn")["href"] == f"{path(gil)}#rsvp"
    refused = visitor.post(f"{at}/booking", {"party": "1"})
    assert refused.status_code == 422
    assert "Answer “Going” first" in refused.text
    assert states(bread, gil) == [None]


def test_old_links_hidden_agendas_and_hidden_events_give_404(event, visitor):
    bread, gil = session(event, "Bread"), guest(event)
    old = path(gil)
    guests.send_link(event, gil.email)
    decide()
    for way, found in ((old, 404), (path(gil), 200)):
        for end in ("", "/mine", "/mine.ics", f"/{bread.id}"):
            assert visitor.get(f"{way}/agenda{end}").status_code == found
        posted = visitor.post(f"{way}/agenda/{bread.id}/booking", {"party": "1"})
        assert posted.status_code == (404 if found == 404 else 303)

    event.agenda_published_at = None
    db.session.commit()
    assert visitor.get(f"{path(gil)}/agenda").status_code == 404
    assert "View agenda" not in visitor.get(path(gil)).text
    event.hidden_at = event.created_at
    db.session.commit()
    assert visitor.get(f"{path(gil)}/agenda/{bread.id}").status_code == 404


def test_sessions_of_another_event_are_not_found_under_the_guest_page(event, ana, visitor):
    gil = guest(event)
    other = session(conference(ana, slug="elsewhere", title="Elsewhere"), "Soil")

    assert visitor.get(f"{path(gil)}/agenda/{other.id}").status_code == 404
    assert visitor.post(f"{path(gil)}/agenda/{other.id}/booking", {"party": "1"}).status_code == 404


def test_visitors_are_told_where_guests_choose_sessions(event, visitor):
    bread = session(event, "Bread")

    assert "Answered without an account?" in visitor.get(bread.path).text
    event.allows_guests = False
    db.session.commit()
    assert "Answered without an account?" not in visitor.get(bread.path).text
