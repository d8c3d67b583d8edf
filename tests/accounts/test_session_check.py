"""The session check: 204 with the identity, or 401; immediate, with one statement and without a
trace.
"""

from datetime import timedelta
from threading import Thread

import pytest
import sqlalchemy as sa
import time_machine

from webapp.accounts import sign_ins
from webapp.accounts.models import SignIn
from webapp.core.extensions import db
from webapp.core.http.limits.counters import Counters
from webapp.core.time import clock

CHECK = "/session/check"


def said(answer):
    return {name: value for name, value in answer.headers if name.startswith("X-Folkmoot")}


def test_the_check_returns_user_id_handle_and_roles(browser, ana):
    answer = browser(ana).get(CHECK)

    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert said(answer) == {
        "X-Folkmoot-User": str(ana.id),
        "X-Folkmoot-Handle": "ana-souza",
        "X-Folkmoot-Roles": "member",
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_the_check_returns_the_admin_role(browser, dia):
    assert said(browser(dia).get(CHECK))["X-Folkmoot-Roles"] == "member,admin"


@pytest.mark.parametrize(
    "headers",
    [{}, {"HX-Request": "true"}, {"X-Folkmoot-User": "ana-souza"}, {"Accept": "text/html"}],
)
def test_the_check_returns_a_bare_401_to_visitors(visitor, headers):
    answer = visitor.get(CHECK, headers=headers)

    assert (answer.status_code, answer.get_data(), said(answer)) == (401, b"", {})
    assert answer.headers["Cache-Control"] == "no-store"
    assert not {"Location", "HX-Redirect", "Set-Cookie"} & set(answer.headers.keys())


def test_an_invalid_cookie_gets_401(visitor, ana):
    visitor.client.set_cookie("folkmoot", "made-up", domain="127.0.0.1")

    assert visitor.get(CHECK).status_code == 401


def test_an_ended_sign_in_is_refused_at_once(browser, ana):
    page, other = browser(ana), browser(ana)
    assert page.get(CHECK).status_code == 204
    other.post("/account/sign-ins/revocation")

    answer = page.get(CHECK)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert other.get(CHECK).status_code == 204
    page.get("/")  # control: a page shows the reason, once
    assert "Set-Cookie" in page.answer.headers


def test_a_closed_account_is_refused_at_once(browser, ana):
    page = browser(ana)
    ana.deactivated_at = clock.now()
    db.session.commit()

    assert page.get(CHECK).status_code == 401


def test_a_sign_in_that_has_run_out_is_refused(browser, ana, app):
    page = browser(ana)
    with time_machine.travel(
        clock.now() + timedelta(hours=app.config["SIGN_IN_IDLE_HOURS"], minutes=1), tick=False
    ):
        assert page.get(CHECK).status_code == 401


def last_seen():
    db.session.rollback()
    found = db.session.scalar(sa.select(SignIn.last_seen_at))
    db.session.rollback()
    return found


def test_the_check_takes_one_statement_and_does_not_update_last_seen(browser, ana, statements_of):
    page = browser(ana)
    seen = last_seen()
    with time_machine.travel(clock.now() + sign_ins.SEEN_EVERY * 3, tick=False):
        assert statements_of(lambda: page.get(CHECK)) == 1
        assert last_seen() == seen
        visit = Thread(
            target=page.get, args=["/account"]
        )  # control: a page counts as a visit; in its own context
        visit.start()
        visit.join()
        assert last_seen() > seen


def test_the_check_counts_towards_the_rate_limit(app, browser, ana, monkeypatch):
    from webapp.core.http.limits.allowances import Allowances

    monkeypatch.setitem(app.extensions, "allowances", Allowances(2, 0, 0, Counters()))
    page = browser(ana)

    assert [page.get(CHECK).status_code for _ in range(3)] == [204, 204, 429]


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("/wiki/Main?action=edit", "/wiki/Main?action=edit"),
        ("/wiki/", "/wiki/"),
        ("/wiki/../account", "/"),
        ("/wiki/%2e%2e/account", "/"),
        ("/wikipedia", "/"),
        ("//wiki/", "/"),
        ("/wiki//evil.example", "/"),
        ("/elsewhere/", "/"),
    ],
)
def test_sign_in_redirects_to_configured_companion_paths(
    app, browser, ana, monkeypatch, target, leads
):
    monkeypatch.setitem(app.config, "COMPANION_PATHS", ("/wiki/",))

    assert browser(ana).get("/sign-in", query_string={"next": target}).headers["Location"] == leads


def test_sign_in_does_not_redirect_to_other_paths(browser, ana):
    assert (
        browser(ana).get("/sign-in", query_string={"next": "/wiki/Main"}).headers["Location"] == "/"
    )
