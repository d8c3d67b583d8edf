"""A visitor reports an event, a moderator hides it, and its author reads the reason and appeals."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from . import steps
from .mailboxes import link_in

pytestmark = pytest.mark.browser

REASON = "Nothing is sold in this group."


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_an_event_is_reported_and_hidden_and_its_author_appeals(site, people, javascript):
    ana, ben, vera = (
        people(site, name, javascript=javascript)
        for name in ("Ana Souza", "Ben Okafor", "Vera Lind")
    )
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    group = steps.make_group(ana, f"Repairers of {ana.handle}")
    steps.join(ben, group)
    make_organizer(ana, group, ben)
    event = steps.publish_event(ben, group, f"Cheap watches of {ben.handle}", seats=5)

    report(vera, event)
    site.mailbox.await_email(vera.email, containing="Your report has arrived")
    hide(ana, group, f"Cheap watches of {ben.handle}")

    assert vera.page.goto(event).status == 404
    site.mailbox.await_email(vera.email, containing="Your report was reviewed")
    ben.visit(event)
    expect(ben.page.get_by_text("Moderators have hidden this event")).to_be_visible()
    ben.page.get_by_role("link", name="View decision or appeal").click()
    expect(ben.page.get_by_text(REASON)).to_be_visible()
    email = site.mailbox.await_email(ben.email, containing=REASON)
    ben.visit(urlsplit(link_in(email, "/decisions/")).path)
    steps.fill(ben, Your_message="They are repaired, not sold.")
    steps.press(ben, "Appeal")
    expect(ben.page.get_by_text("Appeal sent.")).to_be_visible()
    expect(ben.page.get_by_role("button", name="Appeal")).to_have_count(0)
    assert [person.complaints for person in (ana, ben)] == [[], []]


def make_organizer(ana, group, ben):
    ana.visit(f"{group}/manage/members")
    ana.page.get_by_role("button", name=f"Change {ben.name}").click()
    steps.press(ana, "Make organizer")
    expect(ana.page.get_by_text(f"{ben.name}’s new role: Organizer.")).to_be_visible()


def report(vera, event):
    vera.visit(event)
    vera.page.get_by_role("link", name="Report event").click()
    steps.expect_heading(vera, "What’s wrong?")
    steps.press(vera, "Send report")
    expect(vera.page.get_by_role("alert")).to_contain_text("Choose what fits best.")
    vera.page.get_by_role("radio", name="Spam").check()
    steps.fill(vera, Details="Ten euros each, he says.", Your_email_address=vera.email)
    steps.press(vera, "Send report")
    steps.expect_heading(vera, "Thank you")


def hide(ana, group, title):
    ana.visit(f"{group}/manage")
    ana.page.get_by_role("link", name=re.compile("Review.*Report")).click()
    ana.page.get_by_role("link", name=title).click()
    expect(ana.page.get_by_text("Ten euros each, he says.")).to_be_visible()
    ana.page.get_by_role("radio", name="Hide").check()
    ana.page.get_by_label("Rule broken").select_option("spam")
    steps.fill(ana, Your_reason=REASON)
    steps.press(ana, "Save decision")
    expect(
        ana.page.get_by_text("Decision saved. We’ll tell the person it’s about.")
    ).to_be_visible()
