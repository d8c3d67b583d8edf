"""What a new site shows its admin first."""

import pytest

from tests import factories
from webapp.core.extensions import db

pytestmark = pytest.mark.any_database


@pytest.fixture
def dia_browses(browser, dia):
    return browser(dia)


def links(browser):
    return [link["href"] for link in browser.page.select("#steps a")]


def test_a_new_site_guides_its_admin(dia_browses):
    dia_browses.get("/")
    assert "Set up the site" in dia_browses.text
    assert links(dia_browses) == ["/dev/mail", "/groups/new", "/events/new", "/admin/settings"]
    assert dia_browses.page.select_one("#steps [aria-current=step] .btn")["href"] == "/groups/new"
    assert "They sign up at http://127.0.0.1:8000." in dia_browses.text


def test_what_is_done_is_ticked_and_no_link(dia_browses, dia):
    factories.group(dia)
    dia_browses.get("/")
    assert links(dia_browses) == ["/dev/mail", "/events/new", "/admin/settings"]
    assert "Done" in dia_browses.page.select_one("#steps").get_text()


def test_a_site_that_lives_needs_no_guide(dia_browses, dia, ana):
    factories.event(dia, factories.group(dia, ana))
    dia_browses.get("/")
    assert dia_browses.page.select_one("#steps") is None


def test_an_address_that_waits_is_the_first_step(browser, ana):
    ana.verified_at = None
    db.session.commit()
    page = browser(ana)
    page.get("/")
    assert "Confirm your email address" in page.text
    assert "Open the link in the email we sent you" in page.text
