"""The account menu, and the other links in the header of every page."""

import pytest

from tests import factories

pytestmark = pytest.mark.any_database

OWN = {
    "Profile": "/people/{handle}",
    "Settings": "/account/settings",
    "Notifications": "/account/notifications",
    "Your data": "/account/data",
}


def entries(tab):
    """Return the links of the account menu by their text."""
    menu = tab.page.select_one("header #account-menu[popover]")
    return {link.get_text(strip=True): link["href"] for link in menu.find_all("a")}


@pytest.mark.parametrize("is_admin", [False, True])
def test_the_account_menu_links_to_all_personal_pages(browser, context, is_admin):
    person = factories.user("Yuki", "Hasegawa", is_admin=is_admin)
    tab = browser(person)

    tab.get("/events")

    own = {words: path.format(handle=person.handle) for words, path in OWN.items()}
    assert entries(tab) == own | ({"Site admin": "/admin"} if is_admin else {}) | {"Help": "/help"}
    opener = tab.page.select_one("header button[popovertarget=account-menu]")
    assert opener.get_text(strip=True).endswith("Account menu, Yuki Hasegawa")
    for path in entries(tab).values():
        assert browser(person).get(path).status_code == 200, path


def test_people_can_sign_out_from_any_page(browser, ana):
    tab = browser(ana)
    tab.get("/help")

    tab.submit("/sign-out")

    assert "A meeting place of your own" in tab.text
    assert tab.get("/account").status_code == 303


def test_the_header_searches_groups_for_anyone(browser, visitor, ana):
    factories.group(ana, name="Moss walkers")
    factories.group(ana, name="River carers")
    for tab in (visitor, browser(ana)):
        tab.get("/help")
        form = tab.page.select_one("header form[role=search]")
        assert form.get("method", "get") == "get"

        tab.get(f"{form['action']}?{form.find('input')['name']}=moss")

        names = [link.get_text() for link in tab.page.select("#listing h3 a, #listing h2 a")]
        assert names == ["Moss walkers"]


def test_visitors_find_help_in_the_header_and_no_menu(visitor):
    visitor.get("/events")
    header = visitor.page.find("header")
    assert [link["href"] for link in header.select(".wrap > a")][1:] == [
        "/help",
        "/sign-in?next=/events",
        "/sign-up?next=/events",
    ]
    assert not header.select("[popover], form[method=post]")
