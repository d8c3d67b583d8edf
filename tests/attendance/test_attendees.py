"""The hosts' attendee list and its download."""

import csv
import io

import pytest

from tests import factories
from tests.attendance.checking_in import guest
from tests.events import question, ticket
from webapp.attendance import rsvps
from webapp.attendance.registration import form
from webapp.attendance.registration.answers import RegistrationAnswers
from webapp.core.extensions import db
from webapp.events.models import Rsvp

pytestmark = pytest.mark.any_database


@pytest.fixture
def event(ana, ben, cem, dia):
    event = factories.event(ana, capacity=4, max_plus_ones=2, zone="Europe/Lisbon")
    rsvps.answer(event, by=ana, party=3)
    rsvps.answer(event, by=ben, anonymous=True)
    rsvps.answer(event, by=cem, party=2)
    rsvps.answer(event, by=dia, state="not_going")
    db.session.commit()
    return event


def names(page):
    return [
        cell.get_text(" ", strip=True)
        for cell in page.page.select("#attendees th[scope=row] a, #attendees th[scope=row] b")
    ]


def test_searching_guests_ignores_case_and_accents(browser, event, ana):
    guest(event, name="Élodie Åberg", email="elodie@example.org", state="maybe")
    page = browser(ana)
    for words in ("elodie", "ÉLODIE", "aberg elo"):
        page.get(f"{event.path}/manage/attendees?tab=maybe&q={words}")
        assert names(page) == ["Élodie Åberg"], words


def test_attendees_are_listed_under_their_answer(browser, event, ana):
    page = browser(ana)
    page.get(f"{event.path}/manage/attendees")

    assert names(page) == ["Ana Souza", "Ben Okafor"]
    assert "without an account" not in page.page.select_one("#attendees table").get_text()
    tabs = [tab.get_text(" ", strip=True) for tab in page.page.select("#attendees nav.tabs a")]
    assert tabs == [
        "Going 4",
        "Maybe",
        "Waiting list 1",
        "Requests",
        "Not going 1",
    ]
    assert "2 answers · 4 people" in page.text
    assert "name hidden" in page.text
    page.get(f"{event.path}/manage/attendees?tab=waitlist")
    assert names(page) == ["Cem Yılmaz"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=oka", 1),
        ("only=companions", 1),
        ("only=alone", 1),
        ("q=zed", 0),
        ("q=an&only=alone", 0),
        ("tab=x&only=y", 2),
    ],
)
def test_attendees_can_be_searched_and_filtered(browser, event, ana, query, found):
    page = browser(ana)
    page.get(f"{event.path}/manage/attendees?{query}")

    assert len(names(page)) == found


def test_the_csv_lists_everyone_and_contains_no_formula(browser, event, ana, ben):
    ben.first_name = "=HYPERLINK(1)"
    db.session.commit()
    page = browser(ana)

    answer = page.get(f"{event.path}/manage/attendees.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))

    assert (
        answer.headers["Content-Disposition"]
        == f'attachment; filename="{event.slug}-attendees.csv"'
    )
    assert rows[0] == [
        "Given name",
        "Family name",
        "Handle",
        "Answer",
        "People",
        "On the waiting list",
        "Name hidden",
        "Answered",
    ]
    assert sorted((row[0], *row[3:7]) for row in rows[1:]) == [
        ("'=HYPERLINK(1)", "Going", "1", "", "yes"),
        ("Ana", "Going", "3", "", ""),
        ("Cem", "Waiting list", "2", "2", ""),
        ("Dia", "Not going", "1", "", ""),
    ]
    assert ben.email not in answer.get_data(as_text=True)


def test_guests_are_listed_and_found_among_attendees(browser, event, ana):
    event.capacity = None
    guest(event)
    page = browser(ana)
    for query in ("q=gil", "only=guests"):
        page.get(f"{event.path}/manage/attendees?{query}")
        assert "without an account" in page.text
        assert len(names(page)) == 1
    assert "Gil" in page.get(f"{event.path}/manage/attendees.csv").get_data(as_text=True)


def test_attendees_filter_by_ticket_and_the_csv_has_their_answers(browser, ana, ben, cem):
    event = factories.event(ana)
    full, half = ticket(event, "Full"), ticket(event, "Half")
    one, _choices = question(event, "What do you eat?")
    for person, kind, words in ((ben, full, "=cake"), (cem, half, "")):
        rsvps.answer(
            event,
            by=person,
            details=RegistrationAnswers(
                kind.id, {one.id: words}, form.registration_form(event).digest
            ),
        )
    db.session.commit()
    page = browser(ana)
    page.get(f"{event.path}/manage/attendees?only={half.id.hex}")
    assert names(page) == ["Cem Yılmaz"]
    assert "Ticket type: Half" in page.text
    assert (
        page.get(f"{event.path}/manage/messages/new?tab=going&only={half.id.hex}").status_code
        == 200
    )
    rows = list(
        csv.reader(
            io.StringIO(
                page.get(f"{event.path}/manage/attendees.csv")
                .get_data(as_text=True)
                .lstrip("\ufeff")
            )
        )
    )
    assert [row[-2:] for row in rows] == [
        ["Ticket", "What do you eat?"],
        ["Full", "'=cake"],
        ["Half", ""],
    ]


def test_a_long_attendee_list_takes_the_same_statements_as_a_short_one(browser, ana, statements_of):
    page, event = browser(ana), factories.event(ana)

    def add(number):
        with factories.together():
            people = [factories.user() for _ in range(number)]
            db.session.add_all(
                [Rsvp(event_id=event.id, user_id=person.id, state="going") for person in people]
            )

    add(3)
    few = statements_of(lambda: page.get(f"{event.path}/manage/attendees"))
    add(60)

    assert statements_of(lambda: page.get(f"{event.path}/manage/attendees?page=2")) == few <= 6
