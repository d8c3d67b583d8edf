"""A person's sign-ins: the list, and ending them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask_login import login_user

from tests.factories import PASSWORD
from webapp.accounts import reads, sign_ins
from webapp.accounts.models import SignIn
from webapp.accounts.routes.reauthentication import reauthenticated
from webapp.core import live
from webapp.core.extensions import db
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock


@pytest.fixture
def heard(monkeypatch):
    """The names of the signals so far."""
    names = []
    monkeypatch.setattr(live, "signal", names.append)
    return names


def others(browser):
    """Return the URLs of the buttons that end the other sign-ins on the page."""
    return [
        form["action"]
        for form in browser.page.find_all("form")
        if str(form["action"]).endswith("/revocation") and form.find("button")
    ]


def test_the_list_shows_device_and_time_and_marks_this_browser(browser, ana, context):
    sign_ins.create_for(
        ana, {"SIGN_IN_DAYS": 30, "SIGN_IN_KEPT_DAYS": 90}, device="Firefox on Windows", kept=True
    )
    db.session.commit()
    page = browser(ana)

    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        page.get("/account/sign-ins")

    assert "Firefox on Windows" in page.text
    assert "Last seen 2 hours ago" in page.text
    assert page.text.count("This browser") == 1
    assert "This browser" in page.page.select_one("#sign_ins li").get_text()
    assert "stays signed in" in page.text


def test_one_sign_in_can_be_ended(browser, ana, heard):
    here, there = browser(ana), browser(ana)
    here.get("/account/sign-ins")
    address = next(a for a in others(here) if a != "/account/sign-ins/revocation")

    assert here.post(address).status_code == 303

    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    assert heard == [f"user:{ana.id}:rights"]


def test_the_list_partial_is_returned_alone(browser, ana):
    page = browser(ana)
    browser(ana)
    page.get("/account/sign-ins")
    whole = page.page.find(id="sign_ins")

    page.fragment("/account/sign-ins", "section#sign_ins")

    assert page.page.find(id="sign_ins")
    assert not page.page.find("html")
    assert len(page.page.find_all("li")) == len(whole.find_all("li")) == 2
    assert "HX-Target" in page.answer.headers["Vary"]


def test_all_other_sign_ins_are_ended_after_confirming(browser, ana, ben, heard):
    here, there, elsewhere, bens = browser(ana), browser(ana), browser(ana), browser(ben)
    here.get("/account/sign-ins/revocation")
    assert "Sign out all other browsers?" in here.text

    here.submit("/revocation")

    assert "2 other browsers were signed out." in here.text
    assert [b.get("/account").status_code for b in (here, there, elsewhere, bens)] == [
        200,
        303,
        303,
        200,
    ]
    assert f"user:{ana.id}:rights" in heard


def test_other_peoples_sign_ins_cannot_be_ended(browser, context, ana, ben):
    bens = browser(ben)
    row = db.session.scalar(sa.select(SignIn).where(SignIn.user_id == ben.id))

    assert browser(ana).post(f"/account/sign-ins/{row.id}/revocation").status_code == 404
    assert bens.get("/account").status_code == 200


def test_ending_the_current_sign_in_signs_out(browser, context, ana):
    page = browser(ana)
    row = db.session.scalar(sa.select(SignIn).where(SignIn.user_id == ana.id))

    assert page.post(f"/account/sign-ins/{row.id}/revocation").headers["Location"] == "/sign-in"
    assert page.get("/account").status_code == 303


def test_audit_log_records_ended_sign_ins(browser, context, ana):
    page = browser(ana)
    browser(ana)
    page.post("/account/sign-ins/revocation")

    assert "sign_ins.ended" in db.session.scalars(sa.select(AuditEntry.action)).all()


def test_the_list_takes_the_same_statements_for_one_and_for_three(browser, ana, statements_of):
    page = browser(ana)
    one = statements_of(lambda: page.get("/account/sign-ins"))
    browser(ana), browser(ana)
    three = statements_of(lambda: page.get("/account/sign-ins"))

    assert one == three


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/140.0.0.0 "
            "Safari/537.36",
            "Chrome on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 "
            "Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15",
            "Safari on Mac",
        ),
        ("curl/8.5.0", "Another browser"),
        ("", "Another browser"),
        ("<script>alert(1)</script>", "Another browser"),
    ],
)
def test_user_agents_become_readable_device_names(context, user_agent, words):
    assert sign_ins.device_name(user_agent) == words


@reauthenticated
def guarded():
    """Return the sensitive routes."""
    return "done"


def visit(app, user, path="/account", method="GET", **headers):
    row = db.session.scalar(sa.select(SignIn).where(SignIn.user_id == user.id))
    with app.test_request_context(path, method=method, headers=headers):
        user.sign_in = row
        login_user(user, force=True)
        try:
            return guarded()
        finally:
            db.session.rollback()


def test_sensitive_views_ask_for_the_password_after_15_minutes(app, browser, context, ana):
    page = browser(ana)
    assert visit(app, ana) == "done"
    later = clock.now() + timedelta(minutes=16)
    with time_machine.travel(later, tick=False):
        assert visit(app, ana).headers["Location"] == "/account/reauthentication?next=/account"
        headers = {
            "HX-Request": "true",
            "HX-Target": "form#x",
            "HX-Current-URL": "http://127.0.0.1:8000/account",
        }
        assert (
            visit(app, ana, **headers).headers["HX-Redirect"]
            == "/account/reauthentication?next=/account"
        )
        page.get("/account/reauthentication?next=/account/sign-ins")
        assert (
            page.post(
                "/account/reauthentication", {"password": "wrong", "next": "/account"}
            ).status_code
            == 422
        )
        assert "That’s not your password. Try again." in page.text
        answer = page.post(
            "/account/reauthentication", {"password": PASSWORD, "next": "/account/sign-ins"}
        )
        assert answer.headers["Location"] == "/account/sign-ins"
        db.session.expire_all()
        assert visit(app, ana) == "done"


def test_reauthentication_never_redirects_to_another_site(browser, ana):
    page = browser(ana)
    page.get("/account/reauthentication?next=//evil.example")

    assert (
        page.post(
            "/account/reauthentication", {"password": PASSWORD, "next": "//evil.example"}
        ).headers["Location"]
        == "/"
    )


def test_expired_sign_ins_are_not_listed(browser, ana, context):
    for kept in (True, False):
        sign_ins.create_for(
            ana, {"SIGN_IN_DAYS": 30, "SIGN_IN_KEPT_DAYS": 90}, device=f"Kept {kept}", kept=kept
        )
    db.session.commit()

    with time_machine.travel(clock.now() + timedelta(hours=13), tick=False):
        page = browser(ana)
        page.get("/account/sign-ins")
        listed = page.text
        page.get("/account/security")

    assert "Kept True" in listed
    assert "Kept False" not in listed
    assert "You’re signed in on 2 browsers." in page.text


def test_the_list_and_the_cookie_check_agree_on_expiry(browser, ana, context):
    """The rule in SQL and the rule in Python change at the same moment."""
    limits = {"SIGN_IN_IDLE_HOURS": 12, "SIGN_IN_DAYS": 30, "SIGN_IN_KEPT_DAYS": 90}
    for kept in (True, False):
        secret = sign_ins.create_for(ana, limits, kept=kept)
        db.session.commit()
        began = clock.now()
        for later in (timedelta(hours=12), timedelta(days=30), timedelta(days=90)):
            for moment in (
                began + later - timedelta(seconds=2),
                began + later + timedelta(seconds=2),
            ):
                with time_machine.travel(moment, tick=False):
                    opens = sign_ins.by_secret(secret, limits) is not None
                    assert opens == (len(reads.sign_ins_of(ana, limits)) == 1), (kept, later)
        sign_ins.end_all(ana)
        db.session.commit()


def test_people_stay_signed_in_where_the_clock_is_behind(browser, ana):
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        tab = browser(ana)
        assert tab.get("/account").status_code == 200

    assert tab.get("/account").status_code == 200


def test_control_a_cookie_that_is_too_old_or_altered_signs_nobody_in(app, browser, ana):
    limit = app.permanent_session_lifetime
    with time_machine.travel(clock.now() - limit - timedelta(minutes=1), tick=False):
        old = browser(ana)
        assert old.get("/account").status_code == 200
    altered = browser(ana)
    name = app.config["SESSION_COOKIE_NAME"]
    value = altered.client.get_cookie(name, domain="127.0.0.1").value
    content, _time, signature = value.rsplit(".", 2)
    altered.client.set_cookie(name, f"{content}.zzzzzz.{signature}", domain="127.0.0.1")

    assert old.get("/account").status_code == 303
    assert altered.get("/account").status_code == 303
