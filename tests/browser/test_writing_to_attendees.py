"""A host writes to those who come: looked at, sent once, and seen going out."""

import pytest
from playwright.sync_api import expect

from . import steps
from .pages.looking import axe, sideways

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.deep)], ids=["scripts", "no scripts"])
def test_a_message_to_those_who_come(small_site, people, javascript):
    ana, ben = (people(small_site, name, javascript=javascript, reduced_motion="reduce") for name in ("Ana Souza", "Ben Okafor"))
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    event = steps.publish_event(ana, steps.make_group(ana, f"Weir of {ana.handle}"), "Eel count", seats=5)
    ben.visit(event)
    ben.wait_for_scripts()
    steps.press(ben, "Take my seat")
    expect(ben.page.get_by_text("You are going").first).to_be_visible()

    ana.visit(f"{event}/manage/attendees")
    expect(ana.page.get_by_role("row", name="Ben Okafor")).to_be_visible()
    ana.page.get_by_role("link", name="Write to these").click()
    steps.expect_heading(ana, "Write to people")
    steps.fill(ana, Subject="Bring boots", Your_message="It is **wet**.")
    steps.press(ana, "Show how it reads")
    expect(ana.page.locator("strong", has_text="wet")).to_be_visible()
    if javascript:
        assert [*axe(ana.page), *sideways(ana.page)] == []
    steps.press(ana, "Send it to one person")
    steps.expect_heading(ana, "Messages")
    steps.see(ana, ana.page.get_by_role("article", name="Bring boots").get_by_text("One person told"))
    mail = small_site.mailbox.await_mail(ben.email, containing="Bring boots")
    assert mail["Reply-To"] is None
    assert ana.complaints == ben.complaints == []
