"""Resetting a forgotten password, and changing one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.factories import PASSWORD
from webapp.accounts import credentials, emailed_links, passwords, sign_ins
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock

from .conftest import GOOD

LIMITS = {"SIGN_IN_DAYS": 30, "SIGN_IN_KEPT_DAYS": 90}
NEW = {"password": GOOD, "password_again": GOOD}


def ask(browser, email="ana-souza@example.org"):
    browser.get("/password/forgotten")
    return browser.post("/password/forgotten", {"email": email})


def sign_in(browser, password, name="ana-souza"):
    browser.get("/sign-in")
    return browser.post(
        "/sign-in", {"name": name, "password": password, "next": "/account"}
    ).status_code


def test_the_response_is_the_same_for_every_address(browser, context, ana, emailed):
    gone = factories.user("Gus", deactivated_at=clock.now()).email
    pages = []
    for email in ("Ana-Souza@example.org", "nobody@example.org", gone):
        page = browser()
        answer = ask(page, email)
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            "/password/forgotten/email-sent",
        )
        pages.append(
            (answer.get_data(), page.follow().get_data(as_text=True).replace(email.lower(), ""))
        )

    assert pages[0] == pages[1] == pages[2]
    assert [(row.template, row.address) for row in emailed.rows()] == [
        ("accounts/reset", "ana-souza@example.org")
    ]


def test_a_mistyped_address_is_refused(visitor, emailed):
    assert ask(visitor, "ana").status_code == 422
    assert "Enter a full email address" in visitor.text


def test_the_link_leads_to_a_new_password(browser, context, ana, emailed):
    elsewhere, here = browser(ana), browser()
    ask(here)
    path = emailed.path("accounts/reset")

    here.get(path)
    here.submit(**NEW)

    assert "Password saved. Sign in with it." in here.text
    assert here.page.find(id="name")["value"] == "ana-souza"
    assert here.get("/account").status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert sign_in(browser(), PASSWORD) == 422
    assert sign_in(here, GOOD) == 303
    assert emailed.rows()[-1].template == "accounts/password_changed"


def test_the_link_works_once(browser, ana, emailed):
    page = browser()
    ask(page)
    path = emailed.path("accounts/reset")
    page.get(path)
    page.submit(**NEW)

    assert page.get(path).status_code == 404
    assert page.post(path, NEW).status_code == 404
    assert emailed.words("accounts/password_changed")["url"].endswith("/password/forgotten")


def test_the_link_works_for_an_hour(browser, ana, emailed):
    page = browser()
    ask(page)
    path = emailed.path("accounts/reset")

    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert page.get(path).status_code == 410
        assert "This link has expired" in page.text
        assert page.post(path, NEW).status_code == 410
        ask(page)
        assert emailed.path("accounts/reset") != path
    assert sign_in(browser(), PASSWORD) == 303


def test_asking_again_sends_the_same_link(visitor, ana, emailed):
    ask(visitor)
    first = emailed.path("accounts/reset")
    ask(visitor)

    assert emailed.path("accounts/reset") == first
    assert len(emailed.rows()) == 2


def by_sign_in(browser, ana):
    sign_in(browser(), PASSWORD)


def by_change(browser, ana):
    page = browser(ana)
    page.get("/password/change")
    page.submit(current=PASSWORD, **NEW)


def by_address(browser, ana):
    ana.email = "ana@elsewhere.example"
    db.session.commit()


def by_ending(browser, ana):
    browser(ana).post("/account/sign-ins/revocation")


def by_deactivation(browser, ana):
    ana.deactivated_at = clock.now()
    db.session.commit()


@pytest.mark.parametrize("by", [by_sign_in, by_change, by_address, by_ending, by_deactivation])
def test_the_link_stops_working_after_account_changes(browser, context, ana, emailed, by):
    page = browser()
    ask(page)
    path = emailed.path("accounts/reset")
    assert page.get(path).status_code == 200

    by(browser, ana)

    assert page.get(path).status_code == 404
    assert page.post(path, NEW).status_code == 404
    assert emailed.words("accounts/reset") is None


def test_a_link_invalidated_before_submitting_changes_nothing(context, ana):
    passwords.request_reset(ana.email)
    link = emailed_links.current_or_new(ana, emailed_links.RESET)
    ana.renew_nonce()
    db.session.flush()

    with pytest.raises(UserError, match="link doesn’t work"):
        passwords.reset(link, "hash")


def test_resetting_the_password_confirms_the_address(browser, context, emailed):
    noor = factories.user("Noor", handle="noor", verified_at=None)
    page = browser()
    ask(page, noor.email)
    page.get(emailed.path("accounts/reset"))
    page.submit(**NEW)

    assert sign_in(browser(), GOOD, "noor") == 303


def test_the_new_password_must_follow_the_rules(browser, ana, emailed):
    page = browser()
    ask(page)
    page.get(emailed.path("accounts/reset"))

    assert (
        page.submit(password="AnaSouza1990!!", password_again="AnaSouza1990!!").status_code == 422
    )
    assert "guess" in page.text or "name and email address don’t count" in page.text


def test_five_reset_emails_an_hour_are_sent(visitor, ana):
    for _ in range(5):
        assert ask(visitor).status_code == 303
    assert ask(visitor).status_code == 429
    assert ask(visitor, "nobody@example.org").status_code == 303


def test_changing_the_password_asks_for_the_current_one(browser, context, ana, emailed):
    page = browser(ana)
    page.get("/password/change")

    assert page.submit(current="wrong Horse 7 battery", **NEW).status_code == 422
    assert "That’s not your password. Try again." in page.text
    assert emailed.rows() == []
    assert page.submit(current="", **NEW).status_code == 422
    db.session.refresh(ana)
    assert credentials.matches(PASSWORD, ana.password_hash)


def test_changing_the_password_ends_other_sign_ins_and_emails_the_owner(
    browser, context, ana, emailed
):
    here, there = browser(ana), browser(ana)
    here.get("/password/change")

    here.submit(current=PASSWORD, **NEW)

    assert "Password changed. Every other browser" in here.text
    assert [b.get("/account").status_code for b in (here, there)] == [200, 303]
    assert [(row.template, row.address) for row in emailed.rows()] == [
        ("accounts/password_changed", ana.email)
    ]
    assert sign_in(browser(), GOOD) == 303
    assert "password.changed" in db.session.scalars(sa.select(AuditEntry.action)).all()


def test_guessing_the_current_password_is_limited(browser, ana, ben):
    page = browser(ana)
    page.get("/password/change")
    statuses = [
        page.post("/password/change", {"current": "x", **NEW}).status_code for _ in range(6)
    ]

    assert statuses == [422] * 5 + [429]
    assert browser(ben).post("/password/change", {"current": "x", **NEW}).status_code == 422


def test_a_visitor_cannot_change_a_password(visitor):
    assert visitor.get("/password/change").headers["Location"].startswith("/sign-in?next=")
    assert visitor.post("/password/change", NEW).status_code == 303


def test_every_change_signals_other_open_pages(context, ana, monkeypatch):
    heard = []
    monkeypatch.setattr(sign_ins.live, "signal", heard.append)
    sign_ins.create_for(ana, LIMITS)
    passwords.request_reset(ana.email)
    passwords.reset(emailed_links.current_or_new(ana, emailed_links.RESET), "hash")

    assert heard == [f"user:{ana.id}:rights"]
