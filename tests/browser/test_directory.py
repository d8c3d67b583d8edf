"""Searching for a group: the list follows the typing; without scripts a button submits it."""

import re

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.small]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_group_is_found_by_words_and_location_and_the_url_keeps_the_search(
    site, people, javascript
):
    ana, ben = people(site, "Ana Souza"), people(site, "Ben Okafor", javascript=javascript)
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    choir, runners = f"Choir of {ana.handle}", f"Runners of {ana.handle}"
    for name in (choir, runners):
        steps.make_group(ana, name)
    ben.visit("/groups")
    field = ben.page.get_by_role("main").get_by_label("Search groups")
    found = ben.page.locator("#listing article")

    field.press_sequentially(f"{ana.handle} CHÖ", delay=20)
    if javascript:
        expect(found).to_have_count(1)
        expect(field).to_be_focused()
        field.press_sequentially("zz", delay=20)
        expect(ben.page.get_by_role("heading", name="No groups found")).to_be_visible()
        field.press("Backspace")
        field.press("Backspace")
    else:
        ben.page.get_by_role("main").get_by_role("button", name="Search", exact=True).click()
    expect(found).to_have_count(1)
    expect(found.get_by_role("link", name=choir)).to_be_visible()
    expect(ben.page).to_have_url(re.compile(r"/groups\?(.*&)?q="))

    ben.page.reload()
    expect(found).to_have_count(1)
    expect(field).to_have_value(f"{ana.handle} CHÖ")
    found.get_by_role("link", name=choir).click()
    steps.expect_heading(ben, choir)
    ben.page.go_back()
    expect(found).to_have_count(1)
    assert ben.complaints == []


@pytest.mark.deep
@pytest.mark.parametrize("javascript", [True, False])
def test_a_role_can_be_given_in_the_list_of_members(site, people, javascript):
    ana, ben = people(site, "Ana Souza", javascript=javascript), people(site, "Ben Okafor")
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    group = steps.make_group(ana, f"Wheels of {ana.handle}")
    steps.join(ben, group)
    ana.visit(f"{group}/manage/members?sort=name")
    change = ana.page.get_by_role("button", name="Change Ben Okafor")
    offered = ana.page.get_by_role("button", name="Make moderator")
    expect(offered).to_be_hidden()
    change.focus()
    change.press("Enter")
    offered.click()

    expect(
        ana.page.get_by_role("status").get_by_text("Ben Okafor’s new role: Moderator.")
    ).to_be_visible()
    expect(ana.page).to_have_url(re.compile("sort=name"))
    assert ana.complaints == []
