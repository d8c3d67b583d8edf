"""A new member's first event and vote: few clicks, few fields, and sensible defaults."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.small]


@pytest.mark.parametrize("javascript", [True, False])
def test_the_first_event_takes_two_clicks_and_three_fields(site, people, javascript):
    ana = people(site, "Ana Souza", javascript=javascript)
    steps.become_a_member_of_the_site(ana)
    ana.visit("/")
    starts = datetime.now(UTC).replace(hour=18, minute=0) + timedelta(days=7)

    ana.page.get_by_role("main").get_by_role("link", name="Create event").first.click()
    steps.fill(ana, Title="Eel count", Starts=steps.wall(starts), Place="Old weir")
    steps.press(ana, "Publish")

    steps.expect_heading(ana, "Eel count")
    hours = f"{starts:%H:%M}–{starts + timedelta(hours=2):%H:%M}"
    expect(ana.page.locator(".facts")).to_contain_text(hours)
    assert ana.complaints == []


@pytest.mark.parametrize("javascript", [True, False])
def test_the_first_vote_takes_four_clicks_and_three_fields(site, people, javascript):
    ana = people(site, "Ana Souza", javascript=javascript)
    steps.become_a_member_of_the_site(ana)
    ana.visit("/")
    main = ana.page.get_by_role("main")

    main.get_by_role("link", name="Start a group").first.click()
    steps.fill(ana, Name=f"Voters of {ana.handle}")
    steps.press(ana, "Create group")
    main.get_by_role("link", name=re.compile("^(Create|Open a first) vote")).first.click()
    steps.fill(ana, Question="Which bell?", Options="Brass\nSteel")
    if javascript:
        expect(ana.page.locator("output:visible")).to_contain_text(re.compile(", 20:00$"))
    steps.press(ana, "Create vote")

    steps.expect_heading(ana, "Which bell?")
    expect(ana.page.get_by_role("region", name="Your ballot")).to_be_visible()
    assert ana.complaints == []


def test_the_end_follows_the_start_until_someone_chooses_it(site, people):
    ana = people(site, "Ana Souza")
    steps.become_a_member_of_the_site(ana)
    ana.visit("/events/new")
    ends = ana.page.get_by_label("Ends")

    written = ana.page.locator("output:visible")
    expect(written).to_have_count(0)
    steps.fill(ana, Starts="2030-05-04T18:00")
    expect(ends).to_have_value("2030-05-04T20:00")
    expect(written).to_have_text(["Saturday 4 May 2030, 18:00", "Saturday 4 May 2030, 20:00"])
    steps.fill(ana, Ends="2030-05-05T01:30")
    expect(written).to_have_text(["Saturday 4 May 2030, 18:00", "Sunday 5 May 2030, 01:30"])
    ana.page.get_by_label("All day").check()
    expect(written).to_have_text(["Saturday 4 May 2030", "Sunday 5 May 2030"])
    ana.page.get_by_label("All day").uncheck()
    steps.fill(ana, Ends="2030-05-04T23:30")
    steps.fill(ana, Starts="2030-05-11T17:00")
    expect(ends).to_have_value("2030-05-11T22:30")
    steps.fill(ana, Starts="", Ends="")
    expect(written).to_have_count(0)
    steps.fill(ana, Ends="2030-06-01T12:00")
    expect(written).to_have_text("Saturday 1 June 2030, 12:00")
    steps.fill(ana, Starts="0002-06-01T11:00")
    expect(ends).to_have_value("2030-06-01T12:00")
    steps.fill(ana, Starts="2030-06-01T11:00")
    ana.page.evaluate("location = '/events'")
    steps.expect_heading(ana, "Events")
    ana.page.go_back()
    expect(written.first).to_have_text("Saturday 1 June 2030, 11:00")


def test_each_date_to_vote_on_is_written_out(site, people):
    ana = people(site, "Ana Souza")
    steps.become_a_member_of_the_site(ana)
    steps.make_group(ana, "Leith Garden")
    ana.visit("/votes/new/date?group=leith-garden")

    ana.page.locator("#dates-2").fill("2030-05-04T18:00")

    written = ana.page.locator("#dates output:visible")
    expect(written).to_have_text("Saturday 4 May 2030, 18:00")


def test_collapsed_options_show_their_values(site, people):
    ana = people(site, "Ana Souza")
    steps.become_a_member_of_the_site(ana)
    ana.visit("/events/new")
    zone = ana.page.locator("summary", has_text="Time zone")

    expect(zone).to_contain_text("Lisbon")
    zone.click()
    ana.page.get_by_label("Time zone").select_option(label="Kathmandu")
    zone.click()
    expect(zone).to_contain_text("Kathmandu")
    expect(ana.page.get_by_text("no seat limit")).to_be_visible()
    steps.open_options(ana)
    steps.fill(ana, Seats="3")
    steps.open_options(ana)
    expect(ana.page.get_by_text("no seat limit")).to_be_hidden()
