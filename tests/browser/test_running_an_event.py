"""An organizer runs one event: drafted, published, followed, changed, cancelled; and a copy,
deleted and restored.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.small]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_an_organizer_can_run_an_event_from_draft_to_cancellation(site, group_of, javascript):
    ana, ben, group = group_of(site, javascript, "Eel counters")
    event = draft(ana, group, f"Eel count of {ana.handle}")
    steps.want_everything_at_once(ben)

    ana.visit(event)
    ana.page.get_by_role("link", name="Manage event").click()
    expect(todo(ana, "Add a venue or link")).to_be_visible()
    todo(ana, "Add a description").click()
    steps.fill(ana, Description="We count eels by lamplight.", Place="Old weir")
    steps.press(ana, "Save changes")
    ana.visit(f"{event}/manage")
    expect(todo(ana, "Add a venue or link")).to_have_count(0)
    steps.press(ana, "Publish the event")
    expect(ana.page.get_by_text("Published. People can answer now.")).to_be_visible()
    site.mailbox.await_email(ben.email, containing="Eel count")

    ana.visit(f"{event}/manage")
    steps.answer(ben, event, "Going")
    expect(steps.status(ben, "You’re going")).to_be_visible()
    steps.see(ana, ana.page.get_by_role("img", name="1 of 3 seats are taken"))
    ana.page.get_by_text("Answers over time").click()
    expect(ana.page.get_by_role("img", name="1 seat is taken")).to_be_visible()

    ana.page.get_by_role("link", name="Edit", exact=True).click()
    steps.fill(ana, Place="Mill pond")
    steps.press(ana, "Save changes")
    ana.visit(f"{event}/manage/messages")
    steps.press(ana, "Send now")
    site.mailbox.await_email(ben.email, containing="Mill pond")

    ana.visit(f"{event}/manage")
    steps.press(ana, "Lock")
    ben.visit(event)
    expect(ben.page.get_by_text("This event is locked").first).to_be_visible()
    steps.press(ana, "Unlock")
    expect(ana.page.get_by_role("button", name="Lock", exact=True)).to_be_visible()

    ana.visit(f"{event}/manage")
    ana.page.get_by_role("link", name="Cancel event").click()
    expect(ana.page.get_by_text("We’ll tell the 1 person who answered")).to_be_visible()
    steps.fill(ana, Reason="The river is too high.")
    steps.press(ana, "Cancel event")
    expect(
        ana.page.get_by_text("Event cancelled. We’ll tell everyone who answered.")
    ).to_be_visible()
    site.mailbox.await_email(ben.email, containing="The river is too high.")

    steps.press(ana, "Copy")
    steps.expect_heading(ana, "Edit event")
    ana.visit(steps.path_of(ana.page).replace("/edit", "/manage"))
    ana.page.get_by_role("link", name="Delete").click()
    steps.press(ana, "Delete event")
    ana.visit("/events/mine?tab=hosting")
    steps.press(ana, re.compile("^Restore"))
    expect(ana.page.get_by_text("Event restored.")).to_be_visible()
    assert [person.complaints for person in (ana, ben)] == [[], []]


def draft(person, group, title) -> str:
    """Create a draft in the group with three seats; return the path of its page."""
    person.visit(group)
    person.page.get_by_role("link", name="Create event").first.click()
    starts = datetime.now(UTC).replace(hour=18, minute=0) + timedelta(days=7)
    steps.open_options(person)
    steps.fill(
        person,
        Title=title,
        Starts=steps.wall(starts),
        Ends=steps.wall(starts + timedelta(hours=2)),
        Seats="3",
    )
    steps.press(person, "Save draft")
    steps.expect_heading(person, title)
    return steps.path_of(person.page)


def todo(person, words):
    """Return the line of the overview with these words."""
    return person.page.get_by_role("region", name="Needs attention").get_by_role("link", name=words)
