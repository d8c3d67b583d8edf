"""Handcrafted requests to the event form."""

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.events.models import Event

from .plans import fields


def planned() -> list[Event]:
    """Return all events from the database."""
    db.session.rollback()
    return db.session.query(Event).all()


@pytest.mark.parametrize(
    "values",
    [
        {"starts": "0001-01-01T00:00", "ends": "0001-01-01T01:00", "zone": "Asia/Tokyo"},
        {"starts": "9999-12-31T22:00", "ends": "9999-12-31T23:00", "zone": "America/New_York"},
        {"starts": "9999-12-30T22:00", "ends": "9999-12-30T23:00", "zone": "UTC"},
        {"rsvp_deadline": "9999-12-31T23:59", "zone": "America/New_York"},
        {"rsvp_deadline": "0001-01-01T00:00", "zone": "Asia/Tokyo"},
        {"max_plus_ones": "100000000"},
        {"max_plus_ones": "-5"},
        {"max_plus_ones": "4"},
        {"online_url": "javascript://moot.example/%0aalert(1)"},
        {"online_url": "ftp://moot.example/room"},
        {"online_url": "https://moot.example/room here"},
    ],
)
def test_impossible_plans_are_refused_and_create_no_event(browser, ana, values):
    assert browser(ana).post("/events", fields(**values)).status_code == 422
    assert planned() == []


def test_online_links_are_saved_without_invisible_characters(browser, ana):
    browser(ana).post("/events", fields(online_url=" https://moot.example/room\x00 "))
    assert [event.online_url for event in planned()] == ["https://moot.example/room"]


def test_invisible_characters_do_not_reach_the_description_or_a_reason(browser, ana):
    browser(ana).post("/events", {**fields(description="Bring\x00 boots"), "as": "published"})
    (event,) = planned()
    assert event.description == "Bring boots"

    browser(ana).post(f"/events/{event.slug}/cancellation", {"reason": "Rain\x00\x1b"})
    (event,) = planned()
    assert event.cancelled_reason == "Rain"


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", "1.0", ""])
def test_malformed_versions_count_as_outdated(browser, ana, version):
    event = factories.event(ana)
    assert (
        browser(ana).post(f"/events/{event.slug}/edit", fields(version=version)).status_code == 409
    )


def test_editing_keeps_a_plus_one_limit_that_is_no_longer_offered(browser, ana):
    event = factories.event(ana, max_plus_ones=4)
    page = browser(ana)
    page.get(f"/events/{event.slug}/edit")
    assert page.submit("/edit", title="Eel count, moved").status_code == 200
    assert [event.max_plus_ones for event in planned()] == [4]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_out_of_range_dates_do_not_narrow_the_list(visitor, browser, ana, day):
    ana.zone = "Pacific/Auckland"
    factories.event(ana, title="Eel count")
    for page in (visitor, browser(ana)):
        assert page.get(f"/events?from={day}&to={day}").status_code == 200
        assert "Eel count" in page.text


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"capacity": "1e5"}, "capacity", "Enter a whole number."),
        ({"capacity": "9" * 20}, "capacity", "Enter 1 to 1,000,000, or leave empty for no limit."),
        ({"starts": "2026-02-30T10:00"}, "starts", "Enter a date and a time."),
        ({"title": "x" * 121}, "title", "Use at most 120 characters."),
        (
            {"online_url": "javascript:alert(1)"},
            "online_url",
            "Enter a link that starts with https://",
        ),
        ({"audience": "nonsense"}, "audience", "Choose one from the list."),
    ],
)
def test_each_field_shows_one_error_in_plain_words(browser, ana, values, field, message):
    tab = browser(ana)
    tab.get("/events/new")
    tab.submit("/events", **fields(**values))

    assert tab.error_at(field) == message
