"""The first steps: for admins of a new site, owners of a new group, and newcomers."""

from datetime import timedelta

import pytest

from tests import factories
from webapp.core import site_settings
from webapp.core.db import site_flags
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.mail.email_check import ARRIVED
from webapp.ops.backup import making
from webapp.privacy import pages
from webapp.privacy.models import IMPRINT

pytestmark = pytest.mark.any_database

SETUP = [
    "Name your site",
    "Send a test email",
    "Write the legal pages",
    "Set up backups",
    "Start the first group",
    "Invite people",
]


@pytest.fixture
def dia_browses(browser, dia):
    return browser(dia)


def titles(tab, which):
    return [title.get_text() for title in tab.page.select(f"{which} h3")]


def links(tab, which):
    return [link["href"] for link in tab.page.select(f"{which} a")]


def test_a_new_site_shows_its_admin_the_setup_steps(browser, dia_browses):
    dia_browses.get("/")
    assert dia_browses.page.h1.get_text() == "Welcome to your site, Dia"
    assert titles(dia_browses, "#setup li") == SETUP
    assert links(dia_browses, "#setup") == [
        "/admin/settings",
        "/admin/test-email",
        "/admin/pages/imprint",
        "/groups/new",
        "/groups?view=mine",
    ]
    assert dia_browses.page.select_one("#setup [aria-current=step] .btn").get_text() == (
        "Open settings"
    )
    assert "No groups yet" in dia_browses.page.select_one("aside").get_text()


def test_the_setup_steps_are_ticked_automatically(dia_browses, dia, ana, monkeypatch):
    monkeypatch.setitem(dia_browses.client.application.config, "DEV_MAIL", False)
    factories.group(dia)
    for flag in (ARRIVED, making.DONE):
        site_flags.set_now(flag)
    db.session.commit()
    dia_browses.get("/")
    assert titles(dia_browses, "#setup .done") == [SETUP[1], SETUP[3], SETUP[4], SETUP[5]]
    assert "4 of 6 done" in dia_browses.text
    assert dia_browses.page.select_one("#setup progress")["value"] == "4"

    pages.publish(IMPRINT, "Us, at the river", by=dia, after=1)
    site_settings.write("SITE_NAME", "Leith")
    db.session.commit()
    dia_browses.get("/")
    assert not dia_browses.page.select("#setup")


def test_hiding_the_setup_steps_hides_them_for_all_admins(browser, dia, dia_browses, ana):
    dia_browses.get("/")
    dia_browses.submit("/setup/hiding")
    assert not dia_browses.page.select("#setup")
    assert dia_browses.page.h1

    other = browser(factories.user("Eli", "Moss", is_admin=True))
    other.get("/")
    assert not other.page.select("#setup")
    assert browser(ana).post("/setup/hiding").status_code == 404


def test_a_new_groups_owner_is_shown_the_first_steps(browser, ana, ben):
    group = factories.group(ana, name="Choir")
    page = browser(ana)
    page.get("/")
    assert page.page.select_one("#steps h2").get_text() == "Get started with Choir"
    assert titles(page, "#steps li") == ["Invite people", "Plan a first event", "Open a first vote"]
    assert links(page, "#steps") == [
        "/groups/choir/manage/invitations",
        "/events/new?group=choir",
        "/votes/new?group=choir",
    ]
    assert page.page.select_one("#steps").find_next_sibling()["id"] == "needs"
    for path in links(page, "#steps"):
        assert browser(ana).get(path).status_code == 200, path

    factories.membership(group, ben)
    factories.event(ana, group)
    page.get("/")
    assert titles(page, "#steps .done") == ["Invite people", "Plan a first event"]
    members = browser(ben)
    members.get("/")
    assert not members.page.select("#steps")


def test_the_first_steps_disappear_when_done_or_after_a_month(browser, ana, ben, make_vote):
    group = factories.group(ana, ben)
    factories.event(ana, group)
    make_vote(group, ana)
    old = factories.group(ana)
    old.created_at = clock.now() - timedelta(days=31)
    db.session.commit()
    page = browser(ana)
    page.get("/")
    assert not page.page.select("#steps")


def test_confirming_the_email_address_is_the_first_step(browser, ana):
    ana.verified_at = None
    db.session.commit()
    page = browser(ana)
    page.get("/")
    assert "Confirm your email address" in page.text
    assert "Open the link in the email we sent." in page.text
