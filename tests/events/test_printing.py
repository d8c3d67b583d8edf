"""Printing an event gives a poster, and printed lists of people are whole."""

import pytest

from tests import factories
from tests.attendance.checking_in import guest
from webapp.attendance.reads import attendees
from webapp.core.http import links
from webapp.core.ui.qr_code import qr_svg

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


@pytest.fixture
def event(ana):
    return factories.event(ana, title="Eel count", venue="Old weir", capacity=40)


def test_a_printed_event_has_its_seats_and_its_address_as_a_code(event, visitor):
    visitor.get(event.path)
    poster = visitor.page.select_one(".event > .poster")

    assert "40 seats" in poster.get_text()
    assert links.absolute(event.path) in poster.get_text()
    assert poster["aria-hidden"] == "true"
    assert poster.img["loading"] == "lazy", "it is fetched by printing alone"
    code = visitor.get(poster.img["src"])
    assert code.mimetype == "image/svg+xml"
    assert code.text == qr_svg(links.absolute(event.path), standalone=True)
    assert code.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def test_an_event_without_a_limit_prints_no_seats(ana, visitor):
    visitor.get(factories.event(ana).path)

    assert "seat" not in visitor.page.select_one(".poster").get_text()


def test_the_list_of_attendees_prints_whole(event, ana, browser):
    for number in range(attendees.SIZE + 1):
        guest(event, name=f"Gil {number}", email=f"gil{number}@example.org", state="going")
    page, at = browser(ana), f"{event.path}/manage/attendees"
    page.get(at)
    rows = page.page.select("#attendees tbody tr")
    assert len(rows) == attendees.SIZE
    assert "only one page of the list" in page.page.select_one(".only-print").get_text()

    page.get(page.page.select_one("a[href*='whole=1']")["href"])

    assert len(page.page.select("#attendees tbody tr")) == attendees.SIZE + 1
    assert "Eel count" in page.page.select_one("main header").get_text()
    assert page.page.select_one("button[data-print]")
    assert not page.page.select(".only-print, .pager")
    assert "whole=1" in page.page.select_one("#attendees")["hx-get"]
