"""The site's settings: they apply at the next request, in every process, without extra
statements.
"""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.admin import announcements, settings
from webapp.core import site_settings
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.core.observability import audit

USUAL = {
    "SITE_NAME": "Folkmoot",
    "SIGN_UP": "open",
    "MINIMUM_AGE": 16,
    "GROUP_CREATION": "everyone",
}


def stamp():
    """Return the version with which the form is opened now."""
    return settings.stamp(site_settings.now(), USUAL)


def settle(by, seen=None, **wanted):
    """Save these settings, and the defaults for all others; commit."""
    whole = {
        **USUAL,
        "WELCOME": "",
        "ACCENT": "",
        **{name.upper(): value for name, value in wanted.items()},
    }
    changed = settings.save_settings(whole, USUAL, stamp() if seen is None else seen, by)
    db.session.commit()
    return changed


def test_a_new_site_name_is_on_everyones_next_page(browser, visitor, dia, ana):
    page = browser(ana)
    page.get("/events")
    visitor.get("/events")
    settle(dia, site_name="Leith Commons")

    for tab in (page, visitor):
        tab.get("/events")
        assert tab.page.select_one(".brand").get_text() == "Leith Commons"
        assert tab.page.title.get_text().endswith("· Leith Commons")


def test_the_site_name_is_escaped(visitor, dia):
    settle(dia, site_name="<b>Leith</b> & co")
    for path in ("/", "/sign-up", "/no-such-page"):
        visitor.get(path)
        assert visitor.page.select_one(".brand").get_text() == "<b>Leith</b> & co"
        assert visitor.page.select_one(".brand b") is None


def test_emails_use_the_site_name_as_sender(dia, ana, emails):
    from webapp.accounts import admins

    settle(dia, site_name="Leith Commons")
    admins.promote(ana, by=dia)
    db.session.commit()
    assert {email["From"].partition(" <")[0] for email in emails()} == {"Leith Commons"}
    assert {email["Subject"] for email in emails()} == {
        "Ana Souza is now an admin of Leith Commons"
    }


def test_sign_up_mode_minimum_age_and_welcome_text_are_applied(visitor, dia):
    settle(dia, sign_up="approval", minimum_age=18, welcome="Neighbours <b>only</b>.")
    visitor.get("/sign-up")
    assert "Sign-ups need approval" in visitor.text
    assert "I am 18 or older" in visitor.text
    visitor.get("/")
    assert "Neighbours <b>only</b>." in visitor.text
    settle(dia, sign_up="invitation")
    visitor.get("/sign-up")
    assert "is by invitation" in visitor.text


def test_the_group_creation_policy_is_applied(browser, dia, ana):
    settle(dia, group_creation="admins")
    assert browser(ana).get("/groups/new").status_code == 403
    assert browser(dia).get("/groups/new").status_code == 200


def test_default_settings_follow_the_environment_again(app, dia, monkeypatch):
    settle(dia, site_name="Leith Commons")
    assert settle(dia) == ["SITE_NAME"]
    monkeypatch.setitem(app.config, "SITE_NAME", "Elsewhere")
    assert site_settings.value("SITE_NAME") == "Elsewhere"


def test_audit_log_records_setting_changes_without_texts(dia):
    settle(dia, sign_up="approval", welcome="Hello, neighbours.")
    [(entry, _address)] = audit.entries("site.settled")
    assert entry.details == {"changed": ["WELCOME", "SIGN_UP"], "sign_up": "approval"}


def test_the_second_of_two_parallel_changes_is_refused(dia):
    seen = stamp()
    settle(dia, site_name="Leith Commons")
    with pytest.raises(Conflict):
        settle(dia, seen=seen, minimum_age=18)
    db.session.rollback()
    assert site_settings.value("MINIMUM_AGE") == 16


def test_a_parallel_announcement_does_not_conflict_with_settings(browser, dia):
    page = browser(dia)
    page.get("/admin/settings")
    announcements.announce("The server moves at nine.", announcements.WAIT, None, dia)
    db.session.commit()
    assert page.submit("/settings", site_name="Leith Commons").status_code == 200
    assert site_settings.value("SITE_NAME") == "Leith Commons"


def test_a_refused_form_keeps_its_values_and_shows_the_errors(browser, dia):
    page = browser(dia)
    page.get("/admin/settings")
    answer = page.submit("/settings", site_name="", minimum_age="no", welcome="As typed")
    assert answer.status_code == 422
    assert "Enter a site name." in page.text
    assert page.page.find(id="welcome").get_text().strip() == "As typed"
    page.submit("/settings", site_name="Leith Commons", minimum_age="18")
    assert "Settings saved for everyone." in page.text
    assert page.page.select_one(".brand").get_text() == "Leith Commons"


def test_settings_cost_no_extra_statement(browser, visitor, dia, ana, statements_of, undisturbed):
    factories.event(ana, factories.group(ana))
    page = browser(ana)
    page.get("/events")
    before = statements_of(lambda: page.get("/events"))
    first = undisturbed(lambda: statements_of(lambda: visitor.get("/events")))
    settle(dia, site_name="Leith Commons")
    page.get("/events")
    assert statements_of(lambda: page.get("/events")) == before
    assert undisturbed(lambda: statements_of(lambda: visitor.get("/events"))) == first


def test_other_processes_use_new_settings_at_their_next_request(app, dia, ana, browser, visitor):
    """This process has read the settings before; another one has changed the row since."""
    settle(dia, site_name="Leith Commons")
    page = browser(ana)
    for tab in (page, visitor):
        tab.get("/events")
    number = site_settings.SiteSetting.number + 1
    db.session.execute(
        sa.update(site_settings.SiteSetting).values(value="Portobello", number=number)
    )
    db.session.commit()
    for tab in (page, visitor):
        tab.get("/events")
        assert tab.page.select_one(".brand").get_text() == "Portobello"


def test_rolled_back_settings_are_not_used(app, browser, dia, ana):
    page = browser(ana)
    page.get("/events")
    site_settings.write("SITE_NAME", "Never")
    assert site_settings.value("SITE_NAME") == "Never"
    db.session.rollback()
    page.get("/events")
    assert page.page.select_one(".brand").get_text() == "Folkmoot"


def test_error_pages_show_the_site_name_while_the_database_is_down(app, visitor, dia, monkeypatch):
    settle(dia, site_name="Leith Commons")
    visitor.get("/events")
    state = app.extensions["page_cache"].state
    monkeypatch.setattr(state, "now", lambda: None)
    assert visitor.get("/no-such-page").status_code == 404
    assert visitor.page.select_one(".brand").get_text() == "Leith Commons"


def test_the_sites_colour_applies_to_everyone_without_their_own(browser, visitor, ana, ben, dia):
    ben.accent = "clay"
    settle(dia, accent="river")

    worn = {}
    for name, tab in (("visitor", visitor), ("ana", browser(ana)), ("ben", browser(ben))):
        for path in ("/events", "/no-such-page"):
            tab.get(path)
            worn.setdefault(name, set()).add(tab.page.html.get("data-accent"))
    assert worn == {"visitor": {"river"}, "ana": {"river"}, "ben": {"clay"}}

    page = browser(ana)
    page.get("/account/settings")
    assert page.page.select_one("[name=accent][checked]")["value"] == "river"
    page.submit("/account/settings")
    assert ana.accent is None
    page.submit("/account/settings", accent="meadow")
    assert page.get("/").status_code == 200
    assert page.page.html.get("data-accent") is None


def test_an_admin_can_choose_the_sites_colour(browser, dia):
    page = browser(dia)
    page.get("/admin/settings")
    assert page.page.select_one("[name=accent][checked]")["value"] == ""
    page.submit("/admin/settings", accent="heather")
    assert page.page.html["data-accent"] == "heather"
    assert page.page.select_one("[name=accent][checked]")["value"] == "heather"
