"""An event gets a picture and another host, and is found by words and dates; with and without
scripts.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import images

from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.small]


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.deep)])
def test_an_event_gets_a_picture_is_found_and_has_two_hosts(
    site, people, tmp_path: Path, javascript
):
    ana, ben = (
        people(site, "Ana Souza", javascript=javascript),
        people(site, "Ben Okafor", javascript=javascript),
    )
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    title = f"Moss walk of {ana.handle}"
    event = steps.publish_event(ana, steps.make_group(ana, f"Moss of {ana.handle}"), title, 5)
    picture = tmp_path / "moss.jpg"
    picture.write_bytes(images.from_a_camera())
    ana.visit(f"{event}/edit")
    ana.page.get_by_label("Your own picture").set_input_files(picture)
    steps.press(ana, "Save changes")
    expect(ana.page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    ana.visit(f"{event}/manage/hosts")
    steps.fill(ana, Handle=f"@{ben.handle}")
    steps.press(ana, "Invite as host")
    expect(ana.page.get_by_role("heading", name="Pending invitations")).to_be_visible()

    ben.visit("/events")
    found = ben.page.locator("#event-list article")
    ben.page.get_by_role("searchbox", name="Search events").fill(f"{ana.handle} MÖSS")
    if not javascript:
        ben.page.get_by_role("main").get_by_role("button", name="Search", exact=True).click()
    expect(found).to_have_count(1)
    expect(found.locator("img.cover")).to_have_js_property("complete", True)
    ben.page.get_by_label("When").select_option("past")
    if not javascript:
        ben.page.get_by_role("main").get_by_role("button", name="Search", exact=True).click()
    expect(ben.page.get_by_role("heading", name="No events found")).to_be_visible()
    expect(ben.page).to_have_url(re.compile("when=past"))
    ben.page.locator(".filters").get_by_role("link", name="Past events").click()
    expect(found).to_have_count(1)
    found.get_by_role("link", name=title).click()
    steps.expect_heading(ben, title)
    if javascript:
        ben.page.get_by_role("button", name="Copy").click()
        expect(ben.page.get_by_role("button", name="Copied")).to_be_visible()

    ben.visit("/inbox")
    ben.page.get_by_role("link", name=re.compile("invited you to co-host")).first.click()
    steps.press(ben, "Accept")
    ben.page.wait_for_url(f"**{event}/manage")
    ben.visit(event)
    expect(ben.page.get_by_role("link", name="Edit event")).to_be_visible()
    assert ben.complaints == ana.complaints == []
