"""The paginated list of attendees and who may see it."""

import pytest

from tests import factories
from webapp.attendance import rsvps
from webapp.attendance.reads import answers, attendees
from webapp.core.db.keyset import requested_cursor
from webapp.core.extensions import db
from webapp.events.models import GOING, Rsvp

pytestmark = pytest.mark.usefixtures("context")


def going(event, number, **values):
    with factories.together():
        for person in [factories.user() for _ in range(number)]:
            db.session.add(Rsvp(event_id=event.id, user_id=person.id, state=GOING, **values))
        event.seats_taken += number


def names(page):
    return [person.get_text(" ").strip() for person in page.page.select("#going .person")]


def test_pagination_of_attendees_has_no_gap_and_shows_the_total(app, ana, monkeypatch):
    monkeypatch.setattr(attendees, "GOING_A_PAGE", 4)
    event = factories.event(ana)
    going(event, 9)
    going(event, 2, is_anonymous=True)

    found, query, number = [], "", 1
    while True:
        with app.test_request_context(f"/?{query}"):
            place = requested_cursor()
        page = attendees.going_to(event, ana, [], False, place, number)
        found.append(([who.name for who in page.items], page.first, page.last, page.total))
        query, number = page.next, number + 1
        if not query:
            break

    assert [(len(who), *where) for who, *where in found] == [
        (4, 1, 4, 9),
        (4, 5, 8, 9),
        (1, 9, 9, 9),
    ]
    assert len({name for who, *_ in found for name in who}) == 9
    assert attendees.going_to(event, ana, [], True).total == 11


@pytest.mark.any_database
def test_names_are_for_members_and_attendees_and_hidden_names_stay_hidden(
    ana, ben, cem, browser, visitor
):
    event = factories.event(ana, factories.group(ana, ben), max_plus_ones=1)
    rsvps.answer(event, by=ben, party=2)
    shy = factories.user("Noor", "Shy")
    rsvps.answer(event, by=shy, anonymous=True)
    db.session.commit()
    path = f"{event.path}/people"

    assert visitor.get(path).status_code == 303
    assert browser(cem).get(path).status_code == 403
    for reader, shown in ((ben, False), (shy, False), (ana, True)):
        page = browser(reader)
        assert page.get(path).status_code == 200
        assert "Ben Okafor + 1" in page.text
        assert ("Noor Shy" in " ".join(names(page))) is shown

    event.shows_attendees = False
    db.session.commit()
    assert browser(ben).get(path).status_code == 403
    assert browser(ana).get(path).status_code == 200


@pytest.mark.any_database
def test_the_event_links_to_all_attendees_when_there_are_more(ana, browser, monkeypatch):
    event = factories.event(ana)
    going(event, 3)
    page = browser(ana)
    link = f'a[href="{event.path}/people"]'
    page.get(event.path)
    assert not page.page.select(link)
    monkeypatch.setattr(answers, "PEOPLE_SHOWN", 2)
    answers._statement.cache_clear()

    page.get(event.path)
    answers._statement.cache_clear()

    assert page.page.select_one(link).get_text() == "See all"


@pytest.mark.any_database
@pytest.mark.parametrize("many", [1, 3])
def test_the_page_takes_the_same_statements_for_any_number(ana, browser, statements_of, many):
    event = factories.event(ana)
    going(event, many)
    page = browser(ana)
    page.get(f"{event.path}/people")

    assert statements_of(lambda: page.get(f"{event.path}/people")) == 4


@pytest.mark.any_database
def test_an_empty_attendee_list_says_so(ana, browser):
    page = browser(ana)
    page.get(f"{factories.event(ana).path}/people")
    assert "No names yet" in page.text
