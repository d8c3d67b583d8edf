"""An organizer's way with one event: drafted, published, watched, changed, cancelled; and a
copy, put away and back.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = pytest.mark.browser


@pytest.fixture
def site(small_site):
    """Nothing here depends on the size of the site."""
    return small_site


@pytest.mark.parametrize(
    "javascript", [True, pytest.param(False, marks=pytest.mark.deep)], ids=["scripts", "no scripts"]
)
def test_an_event_from_its_draft_to_its_end(site, people, javascript):
    ana, ben = (people(site, name, javascript=javascript) for name in ("Ana Souza", "Ben Okafor"))
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    group = steps.make_group(ana, f"Eel counters of {ana.handle}")
    steps.join(ben, group)
    event = draft(ana, group, f"Eel count of {ana.handle}")

    ana.visit(event)
    ana.page.get_by_role("link", name="Run the event").click()
    expect(todo(ana, "Say where it is")).to_be_visible()
    todo(ana, "Say what you will do").click()
    steps.fill(ana, Description="We count eels by lamplight.", Place="Old weir")
    steps.press(ana, "Save changes")
    ana.visit(f"{event}/manage")
    expect(todo(ana, "Say where it is")).to_have_count(0)
    steps.press(ana, "Publish the event")
    expect(ana.page.get_by_text("Published. Everyone who may come can answer now.")).to_be_visible()
    site.mailbox.await_mail(ben.email, containing="Eel count")

    ana.visit(f"{event}/manage")
    steps.answer(ben, event, "Going")
    expect(steps.standing(ben, "You are going")).to_be_visible()
    steps.see(ana, ana.page.get_by_role("img", name="1 of 3 seats are taken"))
    expect(ana.page.get_by_role("img", name="One seat is taken")).to_be_visible()

    ana.page.get_by_role("link", name="Edit the event").click()
    steps.fill(ana, Place="Mill pond")
    steps.press(ana, "Save changes")
    ana.visit(f"{event}/manage/messages")
    steps.press(ana, "Tell them now")
    site.mailbox.await_mail(ben.email, containing="Mill pond")

    ana.visit(f"{event}/manage")
    steps.press(ana, "Lock it")
    ben.visit(event)
    expect(ben.page.get_by_text("This event is locked").first).to_be_visible()
    steps.press(ana, "Unlock it")

    ana.visit(f"{event}/manage")
    ana.page.get_by_role("link", name="Cancel the event").click()
    expect(ana.page.get_by_text("We tell the one person who has answered")).to_be_visible()
    steps.fill(ana, Why="The river is too high.")
    steps.press(ana, "Cancel the event")
    expect(ana.page.get_by_text("Cancelled. Everyone who answered is told.")).to_be_visible()
    site.mailbox.await_mail(ben.email, containing="The river is too high.")

    steps.press(ana, "Copy it")
    steps.expect_heading(ana, "Change the event")
    ana.visit(steps.path_of(ana.page).replace("/edit", "/manage"))
    ana.page.get_by_role("link", name="Delete it").click()
    steps.press(ana, "Delete the event")
    ana.visit("/events/mine?tab=hosting")
    steps.press(ana, re.compile("^Bring it back"))
    expect(ana.page.get_by_text("It is back, as it was.")).to_be_visible()
    assert [person.complaints for person in (ana, ben)] == [[], []]


def draft(person, group, title) -> str:
    """There is a draft of the group's with three seats; the path of its page."""
    person.visit(group)
    person.page.get_by_role("link", name="New event").click()
    starts = datetime.now(UTC).replace(hour=18, minute=0) + timedelta(days=7)
    steps.fill(
        person,
        Title=title,
        Starts=steps.wall(starts),
        Ends=steps.wall(starts + timedelta(hours=2)),
        Seats="3",
    )
    steps.press(person, "Save as draft")
    steps.expect_heading(person, title)
    return steps.path_of(person.page)


def todo(person, words):
    """The line of the overview that says so."""
    return person.page.get_by_role("region", name="What needs doing next").get_by_role(
        "link", name=words
    )
