"""The pages on which people choose a password: it is typed once, and lost only with a word."""

import pytest

from tests import factories

from .conftest import GOOD, someone

pytestmark = pytest.mark.any_database


@pytest.fixture
def choosing(browser, emailed, ana):
    """A function that opens each page on which one chooses a password, by its name."""

    def open_page(name):
        tab = browser(ana if name == "change" else None)
        path = {"sign-up": "/sign-up", "change": "/password/change"}.get(name)
        if name == "reset":
            tab.get("/password/forgotten")
            tab.submit("/password/forgotten", email=ana.email)
            path = emailed.path("accounts/reset")
        tab.get(path)
        return tab

    return open_page


PAGES_WITH_A_NEW_PASSWORD = ["sign-up", "reset", "change"]


@pytest.mark.parametrize("name", PAGES_WITH_A_NEW_PASSWORD)
def test_a_new_password_is_typed_once_and_twice_without_javascript(choosing, name):
    tab = choosing(name)
    fields = [
        field for field in tab.page.select("input[type=password]") if field["id"] != "current"
    ]
    assert [field.find_parent("noscript") is not None for field in fields] == [False, True]
    given = someone() | {"current": factories.PASSWORD}

    tab.submit(None, **given | {"password_again": "other"})
    assert tab.error_at("password_again") == "The two passwords don’t match."
    tab.submit(None, **given | {"password_again": None})

    assert tab.answer.status_code == 200
    assert not tab.page.select(".err")


@pytest.mark.parametrize("name", PAGES_WITH_A_NEW_PASSWORD)
def test_after_another_error_the_page_says_that_the_password_is_gone(choosing, name):
    tab = choosing(name)
    wrong = {"current": "not it", "first_name": "", "password": GOOD, "password_again": None}
    if name == "reset":
        wrong |= {"password": "short"}

    tab.submit(None, **someone() | wrong)

    field = tab.page.find(id="password")
    described = [tab.page.find(id=one) for one in field["aria-describedby"].split()]
    says = [one.get_text(strip=True) for one in described if "err" in one.get("class", [])]
    assert len(says) == 1
    assert says[0].startswith("Enter your password again.") or name == "reset"
    assert not field.get("value")
