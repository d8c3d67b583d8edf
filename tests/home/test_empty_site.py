"""Until there is a group or an event, every page says so and offers what its reader can do."""

from itertools import product

import pytest

from tests import factories
from webapp.core import site_settings
from webapp.core.extensions import db
from webapp.groups.models import INVITE, SECRET

pytestmark = pytest.mark.any_database

LISTS = ["/", "/events", "/groups"]
SETTINGS = list(product(["open", "approval", "invitation"], ["everyone", "approved", "admins"]))


def offers(tab, page):
    """Return the links of the page's empty states."""
    tab.get(page)
    return [str(link["href"]) for link in tab.page.select("main .empty a")]


@pytest.mark.parametrize("is_member", [False, True], ids=["visitor", "member"])
@pytest.mark.parametrize(("sign_up", "creation"), SETTINGS)
def test_an_empty_site_offers_something_that_works(
    context, browser, ana, ben, sign_up, creation, is_member
):
    site_settings.write("SIGN_UP", sign_up)
    site_settings.write("GROUP_CREATION", creation)
    factories.group(ana, visibility=SECRET, join_policy=INVITE)
    db.session.commit()
    tab = browser(ben if is_member else None)
    for page in LISTS[is_member:]:
        (offer,) = offers(tab, page)
        assert offer not in LISTS, f"{page} leads to another empty page"
        assert tab.get(offer).status_code == 200
        assert tab.page.select_one("main form[method=post]"), f"{offer} is a form"
        assert "invitation only" not in tab.page.h1.get_text()


def test_an_empty_site_has_no_button_to_see_what_is_on(visitor):
    visitor.get("/")
    assert [link.get_text() for link in visitor.page.select(".hero a")] == ["Create an account"]


def test_pages_lead_only_to_lists_with_something_in_them(visitor, ana):
    factories.group(ana)
    assert offers(visitor, "/events") == ["/groups"]
    assert visitor.get("/").status_code == 200
    assert [link["href"] for link in visitor.page.select(".hero a")] == ["/sign-up", "/groups"]
    factories.event(ana)
    visitor.get("/")
    assert [link["href"] for link in visitor.page.select(".hero a")] == ["/sign-up", "/events"]
