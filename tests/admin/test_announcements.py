"""The announcement: on every page until its end time, until it is removed, or until its reader
dismisses it.
"""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from webapp.admin import announcements
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.observability import audit
from webapp.core.time import clock, time_zones

WORDS = "On Saturday the site rests from two to four."


@pytest.fixture
def announced(dia):
    """An announcement above every page until tomorrow."""
    announcements.announce(
        WORDS, "wait", time_zones.whole_minute(clock.now()) + timedelta(days=1), by=dia
    )
    db.session.commit()


@pytest.mark.usefixtures("announced")
def test_the_announcement_is_on_every_page_including_error_pages(browser, visitor, ana):
    for tab in (browser(ana), visitor):
        for path in ("/", "/events", "/no-such-page"):
            tab.get(path)
            assert WORDS in tab.page.find(id="site-announcement").get_text(), path


@pytest.mark.usefixtures("announced")
def test_the_announcement_ends_at_its_time(visitor):
    visitor.get("/")
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        visitor.get("/")
        assert visitor.page.find(id="site-announcement") is None


@pytest.mark.usefixtures("announced")
def test_a_member_dismisses_it_and_stays_on_the_page(browser, ana, dia):
    page = browser(ana)
    page.get("/events?words=swap")
    page.submit("/announcement/dismissal")
    assert page.path == "/events?words=swap"
    assert page.page.find(id="site-announcement") is None
    other = browser(ana)
    other.get("/events")
    assert other.page.find(id="site-announcement")

    announcements.announce("Another one.", "wait", None, by=dia, seen=announcements.current().id)
    db.session.commit()
    page.get("/events")
    assert "Another one." in page.page.find(id="site-announcement").get_text()


@pytest.mark.usefixtures("announced")
def test_dismissing_with_htmx_reloads_no_page(browser, ana):
    page = browser(ana)
    page.get("/events")
    found = page.page.find(id="site-announcement").find("input", {"name": "id"})["value"]
    answer = page.fragment(
        "/announcement/dismissal", "aside#site-announcement", method="POST", data={"id": found}
    )
    assert (answer.status_code, answer.data) == (200, b"")
    page.get("/events")
    assert page.page.find(id="site-announcement") is None


@pytest.mark.usefixtures("announced")
def test_visitors_dismiss_it_on_a_linked_page_without_an_early_cookie(
    visitor,
):
    answer = visitor.get("/")
    assert "Set-Cookie" not in answer.headers
    assert visitor.page.find("form", method="post") is None
    assert visitor.page.find(id="site-announcement").a["href"] == "/announcement"
    visitor.get("/announcement", headers={"Referer": "http://127.0.0.1:8000/events"})
    assert WORDS in visitor.text
    visitor.submit("/announcement/dismissal")
    assert visitor.path == "/events"
    assert visitor.page.find(id="site-announcement") is None


@pytest.mark.usefixtures("announced")
def test_the_announcement_costs_no_extra_statement(
    browser, visitor, ana, dia, statements_of, undisturbed
):
    factories.event(ana, factories.group(ana))
    page = browser(ana)
    page.get("/events")
    with_it = statements_of(lambda: page.get("/events"))
    visited = undisturbed(lambda: statements_of(lambda: visitor.get("/events")))
    announcements.end(by=dia)
    db.session.commit()
    page.get("/events")
    assert statements_of(lambda: page.get("/events")) == with_it
    assert undisturbed(lambda: statements_of(lambda: visitor.get("/events"))) == visited


def test_new_text_shows_it_again_but_a_new_end_time_does_not(dia):
    announcements.announce(WORDS, "note", None, by=dia)
    first = announcements.current().id
    announcements.announce(WORDS, "note", clock.now() + timedelta(hours=1), by=dia)
    assert announcements.current().id == first
    announcements.announce("Other words.", "note", None, by=dia, seen=announcements.current().id)
    assert announcements.current().id != first


def test_the_second_of_two_parallel_announcements_is_refused_with_its_text(browser, dia):
    page = browser(dia)
    page.get("/admin/announcement")
    announcements.announce(WORDS, "no", None, by=dia)
    db.session.commit()

    answer = page.submit("/admin/announcement", words="The hall is closed.")
    assert answer.status_code == 409
    assert page.page.find(id="words").get_text().strip() == "The hall is closed."
    assert announcements.current().words == WORDS
    page.submit("/admin/announcement", words="The hall is closed.")
    assert announcements.current().words == "The hall is closed."


def test_an_end_time_in_the_past_is_refused(dia):
    with pytest.raises(UserError):
        announcements.announce(WORDS, "note", clock.now() - timedelta(minutes=1), by=dia)


def test_end_times_are_in_the_admins_time_zone(browser, visitor, dia):
    dia.zone = "Asia/Tokyo"
    db.session.commit()
    page = browser(dia)
    page.get("/admin/announcement")
    assert page.submit("/announcement", words="", until="2031-05-01T10:00").status_code == 422
    assert page.page.find(id="until")["value"] == "2031-05-01T10:00"
    page.submit("/announcement", words="<b>Tea</b> at four", until="2031-05-01T10:00")
    assert "Thursday 1 May 2031, 10:00" in page.text
    assert announcements.current().until.hour == 1
    visitor.get("/")
    assert "<b>Tea</b> at four" in visitor.page.find(id="site-announcement").get_text()

    page.get("/admin/announcement/removal")
    page.submit("/announcement/removal")
    assert "Announcement ended." in page.text
    visitor.get("/")
    assert visitor.page.find(id="site-announcement") is None
    assert [entry.action for entry, _address in audit.entries("announcement")] == [
        "announcement.ended",
        "announcement.made",
    ]


def test_the_page_says_when_there_is_no_announcement(visitor, browser, dia):
    visitor.get("/announcement")
    assert "No announcement" in visitor.text
    assert browser(dia).get("/admin/announcement/removal").status_code == 303
