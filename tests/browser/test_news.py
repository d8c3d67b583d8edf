"""News: an organizer adds a feed, sees why it fails, renames it, and removes it."""

import re

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.small]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_feed_can_be_added_retried_renamed_and_removed(site, people, javascript):
    ana = people(site, "Ana Souza", javascript=javascript)
    steps.become_a_member_of_the_site(ana)
    group = steps.make_group(ana, f"Weir of {ana.handle}")
    ana.visit(f"{group}/news")
    ana.page.get_by_role("link", name="Add a feed").click()
    steps.expect_heading(ana, "News feeds")

    steps.fill(ana, Feed_link="http://169.254.169.254/latest")
    steps.press(ana, "Add feed")
    expect(ana.page.get_by_label("Feed link")).to_have_value("http://169.254.169.254/latest")
    expect(ana.page.get_by_label("Feed link")).to_be_focused()
    expect(ana.page.get_by_role("alert")).to_contain_text("Enter a public link")

    steps.fill(ana, Feed_link="no-such-host.folkmoot.example.org/feed")
    steps.press(ana, "Add feed")
    expect(ana.page.get_by_text("https://no-such-host.folkmoot.example.org/feed")).to_be_visible()
    steps.see_in_time(ana, ana.page.get_by_text("Not working", exact=True))

    ana.page.get_by_role("link", name=re.compile("^Rename")).click()
    steps.fill(ana, Name="The weir")
    steps.press(ana, "Rename")
    ana.page.get_by_role("link", name=re.compile("^Remove")).click()
    steps.press(ana, "Remove")
    expect(ana.page.get_by_text("“The weir” removed.")).to_be_visible()
    expect(ana.page.get_by_role("heading", name="No feeds yet")).to_be_visible()
    assert [line for line in ana.complaints if "422" not in line] == []  # one URL was refused
