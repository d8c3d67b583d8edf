"""The menu of a manage area: on a phone a button opens it, by touch, by keyboard and without
scripts; on a wide screen it is always visible.
"""

import pytest
from playwright.sync_api import expect

from . import steps
from .pages.looking import axe

pytestmark = [pytest.mark.browser, pytest.mark.small]


@pytest.fixture
def organizer(site, people):
    """A function: `organizer(width=…)` returns Ana on her group's overview, with the group's
    path.
    """

    def come(width, javascript=True):
        viewport = {"width": width, "height": 800}
        ana = people(site, "Ana Souza", javascript=javascript, viewport=viewport)
        steps.become_a_member_of_the_site(ana)
        group = steps.make_group(ana, f"Weir friends of {ana.handle}")
        ana.visit(f"{group}/manage")
        return ana, group

    return come


def parts(person):
    """Return the menu's button and the menu."""
    page = person.page
    return page.locator(".area-open"), page.locator("#area-nav")


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_a_button_opens_the_menu(organizer, javascript):
    ana, _group = organizer(320, javascript)
    opener, menu = parts(ana)
    expect(menu).to_be_hidden()
    expect(opener).to_have_accessible_name("Manage group: Overview")

    opener.click()
    expect(menu).to_be_visible()
    assert ana.page.evaluate("document.documentElement.scrollWidth") == 320
    if javascript:
        assert list(axe(ana.page)) == []
    menu.get_by_role("button", name="Close").click()
    expect(menu).to_be_hidden()

    opener.click()
    menu.get_by_role("link", name="Members").click()
    steps.expect_heading(ana, "Members")
    expect(opener).to_have_accessible_name("Manage group: Members")
    expect(menu).to_be_hidden()
    assert ana.complaints == []


def test_add_on_the_open_page_closes_the_menu(organizer):
    ana, _group = organizer(390)
    opener, menu = parts(ana)
    opener.click()
    menu.get_by_role("link", name="Add", exact=True).click()
    expect(menu).to_be_hidden()
    expect(ana.page.get_by_role("heading", name="Add", exact=True)).to_be_in_viewport()


def test_the_menu_works_by_keyboard_and_returns_the_focus(organizer):
    ana, _group = organizer(390)
    opener, menu = parts(ana)
    keys = ana.page.keyboard

    opener.focus()
    keys.press("Enter")
    expect(menu).to_be_visible()
    keys.press("Tab")
    expect(menu.get_by_role("link", name="Overview")).to_be_focused()
    keys.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()

    for key in ("Enter", "Tab", "Tab", "Enter"):
        keys.press(key)
    steps.expect_heading(ana, "Members")


def test_on_a_wide_screen_the_menu_is_beside_the_page(organizer):
    ana, _group = organizer(1280)
    opener, menu = parts(ana)
    expect(opener).to_be_hidden()
    expect(menu.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")
    menu.get_by_role("link", name="Members").click()
    expect(menu.get_by_role("link", name="Members")).to_have_attribute("aria-current", "page")
    assert ana.complaints == []
