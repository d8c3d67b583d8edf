"""All-day events in the form, and a person's events in a calendar program."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.small]


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.deep)])
def test_an_all_day_event_can_be_created_and_read_by_a_calendar_program(site, people, javascript):
    ana = people(site, "Ana Souza", javascript=javascript)
    steps.become_a_member_of_the_site(ana)
    ana.visit("/events/new")
    starts, first = ana.page.get_by_label("Starts"), ana.page.get_by_label("First day")
    expect(first).to_be_hidden()
    soon = datetime.now(UTC).replace(hour=18, minute=0) + timedelta(days=7)
    steps.fill(
        ana,
        Title="Eel weekend",
        Starts=steps.wall(soon),
        Ends=steps.wall(soon + timedelta(hours=2)),
    )

    box = ana.page.get_by_role("checkbox", name="All day")
    box.focus()
    box.press("Space")

    expect(starts).to_be_hidden()
    expect(first).to_have_value(f"{soon:%Y-%m-%d}" if javascript else "")
    steps.fill(ana, First_day=f"{soon:%Y-%m-%d}", Last_day=f"{soon + timedelta(days=1):%Y-%m-%d}")
    steps.press(ana, "Publish")
    steps.expect_heading(ana, "Eel weekend")
    expect(ana.page.locator(".facts")).to_contain_text("All day")
    ana.page.get_by_text("Add to calendar").press("Enter")
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name="Apple and others (file)").click()
    assert "DTSTART;VALUE=DATE:" in download.value.path().read_text()

    ana.page.get_by_role("link", name="All your events").click()
    steps.press(ana, "Create link")
    address = ana.page.get_by_label("Calendar link")
    program = people(site, "A program")
    assert "SUMMARY:Eel weekend" in program.context.request.get(address.input_value()).text()
    ana.page.reload()
    expect(ana.page.get_by_text("Last used on")).to_be_visible()
    before = address.input_value()
    ana.page.get_by_role("link", name="Create new link").click()
    steps.press(
        ana, "Create new link", within=ana.page.get_by_role("dialog") if javascript else None
    )
    expect(ana.page.get_by_text("Not used yet.")).to_be_visible()
    assert program.context.request.get(before).status == 404
    assert ana.complaints == []
