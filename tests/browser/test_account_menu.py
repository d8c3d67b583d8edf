"""The account menu: with and without scripts, by keyboard, on a phone."""

import pytest
from playwright.sync_api import expect

from . import steps
from .pages.looking import axe

pytestmark = [pytest.mark.browser, pytest.mark.small]

#: Return the parts of the menu outside the window, of which there should be none.
OUTSIDE = """menu => { const box = menu.getBoundingClientRect();
    return [box.left < 0, box.right > innerWidth, box.top < 0, box.bottom > innerHeight]; }"""


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_people_can_sign_out_from_the_menu(site, people, javascript, width):
    viewport = {"width": width, "height": 800}
    yuki = people(site, "Yuki Hasegawa", javascript=javascript, viewport=viewport)
    steps.become_a_member_of_the_site(yuki)
    yuki.visit("/events")
    menu = yuki.page.locator("#account-menu")
    expect(menu).to_be_hidden()

    steps.account_menu(yuki).click()

    expect(menu).to_be_visible()
    assert menu.evaluate(OUTSIDE) == [False] * 4
    if javascript:
        assert list(axe(yuki.page)) == []
    steps.press(yuki, "Sign out", within=menu)
    expect(yuki.page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    assert yuki.complaints == []


def test_the_menu_works_by_keyboard_and_returns_the_focus(site, people):
    yuki = people(site, "Yuki Hasegawa")
    steps.become_a_member_of_the_site(yuki)
    yuki.visit("/events")
    opener, menu = steps.account_menu(yuki), yuki.page.locator("#account-menu")

    opener.focus()
    yuki.page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    yuki.page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Profile")).to_be_focused()
    yuki.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()

    yuki.page.keyboard.press("Enter")
    yuki.page.keyboard.press("Tab")
    yuki.page.keyboard.press("Tab")
    yuki.page.keyboard.press("Enter")
    steps.expect_heading(yuki, "Settings")
