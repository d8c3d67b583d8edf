"""Signing in and out: the same message for unknown names and wrong passwords, redirects to our own
pages only, a new secret each time.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from argon2 import PasswordHasher

from tests import factories
from tests.browser_like import ORIGIN
from tests.factories import PASSWORD
from webapp.accounts import credentials
from webapp.accounts.models import SignIn, User
from webapp.core.extensions import db
from webapp.core.http.errors import SIGN_IN
from webapp.core.jobs.bounded_executor import BoundedExecutor
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock

WRONG = "That email or handle and password don’t match."


def sign_in(browser, name="ana-souza", password=PASSWORD, target="/account/sign-ins", **values):
    browser.get("/sign-in")
    return browser.post("/sign-in", {"name": name, "password": password, "next": target, **values})


def secret_of(browser):
    with browser.client.session_transaction(base_url=ORIGIN) as session:
        return session.get(SIGN_IN)


@pytest.mark.parametrize(
    "name",
    ["ana-souza", "@ana-souza", " Ana-Souza ", "ana-souza@example.org", "ANA-SOUZA@Example.org"],
)
def test_people_sign_in_by_handle_or_email(visitor, ana, name):
    answer = sign_in(visitor, name)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/sign-ins")
    visitor.follow()
    assert "Where you’re signed in" in visitor.text


def test_an_unknown_name_and_a_wrong_password_look_alike(browser, ana):
    one, other = browser(), browser()
    wrong = sign_in(one, password="wrong Horse 7 battery")
    unknown = sign_in(other, name="no-such-one", password="wrong Horse 7 battery")

    assert wrong.status_code == unknown.status_code == 422
    assert WRONG in one.text
    pages = []
    for b, name in ((one, "ana-souza"), (other, "no-such-one")):
        for field in b.page.find_all("input", {"name": "csrf_token"}):
            pages.append(
                b.answer.get_data(as_text=True).replace(field["value"], "").replace(name, "")
            )
    assert pages[0] == pages[1]


def test_an_unknown_name_is_hashed_too(visitor, monkeypatch):
    checked = []
    real = credentials._hasher.verify

    class Watched:
        def verify(self, kept, password):
            checked.append(kept)
            return real(kept, password)

    monkeypatch.setattr(credentials, "_hasher", Watched())
    sign_in(visitor, name="no-such-one")

    assert checked == [credentials.DUMMY]


def test_the_password_is_never_returned(visitor, ana):
    sign_in(visitor, password="wrong Horse 7 battery")

    assert "wrong Horse" not in visitor.answer.get_data(as_text=True)
    assert visitor.page.find(id="name")["value"] == "ana-souza"


@pytest.mark.parametrize("values", [{"name": ""}, {"password": ""}, {"password": "x" * 257}])
def test_empty_and_overlong_fields_are_refused(visitor, ana, values):
    assert sign_in(visitor, **values).status_code == 422


def test_unconfirmed_people_can_resend_the_email_with_the_right_password(context, visitor, emailed):
    factories.user("Noor", handle="noor", verified_at=None)

    assert sign_in(visitor, "noor", "wrong Horse 7 battery").status_code == 422
    assert WRONG in visitor.text
    assert sign_in(visitor, "noor").status_code == 403
    assert "Confirm your email address" in visitor.text
    visitor.submit("/verification")
    assert "Check your inbox" in visitor.text
    assert [row.template for row in emailed.rows()] == ["accounts/verify"]
    assert secret_of(visitor) is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"approved_at": None}, "An admin still has to approve your account."),
        ({"deactivated_at": clock.now()}, "This account is closed."),
    ],
)
def test_the_reason_for_a_refusal_is_shown_only_after_the_right_password(
    context, visitor, values, sentence
):
    factories.user("Noor", handle="noor", **values)

    sign_in(visitor, "noor", "wrong Horse 7 battery")
    assert WRONG in visitor.text
    assert sentence not in visitor.text
    assert sign_in(visitor, "noor").status_code == 422
    assert sentence in visitor.text
    assert secret_of(visitor) is None


SPELLINGS = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example",
    "HTTPS://evil.example/account",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "/%09/evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/account//evil.example",
    "/.//evil.example",
    "//127.0.0.1:8000@evil.example/account",
    "http://127.0.0.1:8000.evil.example/account",
    "/\x00/evil.example",
    "/account\r\nSet-Cookie: a=b",
    "?next=//evil.example",
]


@pytest.mark.parametrize("target", SPELLINGS)
def test_next_redirects_to_our_own_pages_only(visitor, ana, target):
    assert sign_in(visitor, target=target).headers["Location"] == "/"


@pytest.mark.parametrize("target", SPELLINGS[:12])
def test_next_redirects_signed_in_people_to_our_own_pages_only(browser, ana, target):
    assert browser(ana).get("/sign-in", query_string={"next": target}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "target",
    ["", "/sign-out", "/sign-in", "/sign-up", "/no-such-page", "/verification", "/account/"],
)
def test_next_ignores_paths_that_are_not_pages(visitor, ana, target):
    assert sign_in(visitor, target=target).headers["Location"] == "/"


def test_next_keeps_its_query_string(visitor, ana):
    assert (
        sign_in(visitor, target="/account/sign-ins?page=2&q=a%20b").headers["Location"]
        == "/account/sign-ins?page=2&q=a%20b"
    )


def test_a_private_page_redirects_to_sign_in_and_back(visitor, ana):
    visitor.get("/account/sign-ins")
    visitor.follow()
    visitor.submit("/sign-in", name="ana-souza", password=PASSWORD)

    assert "Where you’re signed in" in visitor.text


def test_each_sign_in_has_its_own_secret_and_ends_the_previous_one(app, context, visitor, ana):
    sign_in(visitor)
    first = secret_of(visitor)
    visitor.client.post("/sign-in", base_url=ORIGIN)
    with visitor.client.session_transaction(base_url=ORIGIN) as session:
        before = dict(session)
    visitor.post("/sign-in", {"name": "ana-souza", "password": PASSWORD})
    second = secret_of(visitor)

    assert first
    assert second
    assert first != second
    assert before[SIGN_IN] == first
    assert db.session.scalar(sa.select(sa.func.count(SignIn.id))) == 1
    assert first not in str(db.session.execute(sa.select(SignIn.token_hash)).all())


def test_signing_in_clears_the_previous_session_data(visitor, ana):
    visitor.get("/sign-in")
    with visitor.client.session_transaction(base_url=ORIGIN) as session:
        session["planted"] = "by someone else"
        csrf = session["csrf_token"]
    visitor.submit("/sign-in", name="ana-souza", password=PASSWORD)

    with visitor.client.session_transaction(base_url=ORIGIN) as session:
        assert "planted" not in session
        assert session.get("csrf_token") != csrf


def test_a_cookie_from_before_the_sign_out_is_refused(app, visitor, ana):
    sign_in(visitor)
    cookie = visitor.client.get_cookie("folkmoot", domain="127.0.0.1")
    assert visitor.get("/account").status_code == 200

    visitor.submit("/sign-out")

    assert visitor.get("/account").status_code == 303
    visitor.client.set_cookie("folkmoot", cookie.value, domain="127.0.0.1")
    assert visitor.get("/account").status_code == 303


def test_signing_out_needs_a_post_with_a_csrf_token(browser, ana):
    page = browser(ana)

    assert page.get("/sign-out").status_code == 405
    assert page.post("/sign-out", csrf=False).status_code == 400
    assert page.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("remember", "hours", "status"),
    [("", 11, 200), ("", 13, 303), ("y", 13, 200), ("y", 24 * 91, 303)],
)
def test_an_idle_sign_in_expires_unless_remembered(visitor, ana, remember, hours, status):
    sign_in(visitor, **({"remember": remember} if remember else {}))

    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
        assert visitor.get("/account").status_code == status


@pytest.mark.parametrize(("remember", "days", "each"), [("", 30, 11), ("y", 90, 99)])
def test_every_sign_in_expires_however_often_it_is_used(app, visitor, remember, days, each):
    """However often it is used."""
    with app.app_context():
        factories.user("Ana", "Souza")
        db.session.commit()
    start = clock.now()
    sign_in(visitor, **({"remember": remember} if remember else {}))
    for hours in range(each, days * 24, each):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            assert visitor.get("/account").status_code == 200
    with time_machine.travel(start + timedelta(days=days, minutes=1), tick=False):
        assert visitor.get("/account").status_code == 303


def test_only_one_cookie_is_set(visitor, ana):
    sign_in(visitor, remember="y")

    cookies = visitor.answer.headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["folkmoot"]
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]


def test_a_hash_with_outdated_parameters_is_renewed(real_hashes, context, visitor, ana):
    assert credentials.is_outdated(ana.password_hash)

    sign_in(visitor)

    db.session.refresh(ana)
    assert ana.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert credentials.matches(PASSWORD, ana.password_hash)


def test_the_old_password_fails_if_changed_during_the_check(context, visitor, ana, monkeypatch):
    real, ana_id = credentials.matches, ana.id

    def meanwhile(password, kept):
        with db.engine.begin() as connection:
            connection.execute(
                sa.update(User)
                .where(User.id == ana_id)
                .values(password_hash=PasswordHasher().hash("other"))
            )
        return real(password, kept)

    db.session.rollback()
    monkeypatch.setattr(credentials, "matches", meanwhile)

    assert sign_in(visitor).status_code == 422
    assert WRONG in visitor.text


def test_no_lock_is_held_while_a_password_is_hashed(context, visitor, ana, monkeypatch):
    held = []
    real = credentials.matches

    def watched(password, kept):
        held.append(db.session().in_transaction())
        return real(password, kept)

    monkeypatch.setattr(credentials, "matches", watched)
    sign_in(visitor)
    visitor.get("/password/change")
    visitor.submit(
        current=PASSWORD,
        password="meadow lantern 42 otters",
        password_again="meadow lantern 42 otters",
    )
    visitor.get("/account/reauthentication")
    visitor.submit(password="meadow lantern 42 otters")

    assert held == [False, False, False]


def test_five_attempts_a_minute_are_allowed_per_account(browser, ana):
    for _ in range(5):
        assert sign_in(browser(), password="wrong").status_code == 422
    late = browser()

    answer = sign_in(late)

    assert answer.status_code == 429
    assert "Too many requests" in late.text
    assert answer.headers["Retry-After"]
    assert sign_in(browser(), name="ben-okafor").status_code == 422
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert sign_in(browser()).status_code == 303


def test_spellings_of_a_handle_count_as_one_account(browser, ana):
    names = ["ana-souza", "@ana-souza", "@@ana-souza", " @@@Ana-Souza", "@@@@ana-souza"]
    assert [sign_in(browser(), name=name, password="wrong").status_code for name in names] == [
        422
    ] * 5
    assert sign_in(browser(), name="@@@@@ana-souza").status_code == 429


@pytest.mark.parametrize("name", ["ana\x00souza", "\x00", "a" * 100_000])
def test_an_impossible_name_is_refused_like_any_other(browser, ana, name):
    assert sign_in(browser(), name=name).status_code == 422


def test_sixty_attempts_a_minute_are_allowed_per_ip_address(browser, ana):
    page = browser()
    token = page.csrf_token()
    statuses = [
        page.post("/sign-in", {"csrf_token": token, "name": f"n-{n}"}).status_code
        for n in range(61)
    ]

    assert statuses == [422] * 60 + [429]


def test_a_forged_forwarded_header_changes_nothing(browser, ana):
    page = browser()
    token = page.csrf_token()
    statuses = []
    for n in range(61):
        headers = {"X-Forwarded-For": f"203.0.113.{n}"}
        statuses.append(
            page.post(
                "/sign-in", {"csrf_token": token, "name": f"n-{n}"}, headers=headers
            ).status_code
        )

    assert statuses[-1] == 429


def test_audit_log_records_success_and_failure_without_user_input(context, visitor, ana):
    sign_in(visitor, password="wrong Horse 7 battery")
    sign_in(visitor, name="someone-unknown")
    sign_in(visitor)

    entries = db.session.scalars(
        sa.select(AuditEntry).order_by(AuditEntry.created_at, AuditEntry.id)
    ).all()
    assert [(e.action, e.actor_id, e.subject_id) for e in entries] == [
        ("sign_in.failed", None, ana.id),
        ("sign_in.failed", None, None),
        ("sign_in.opened", ana.id, None),
    ]
    assert all(entry.details == {} for entry in entries)


def test_a_deactivated_person_is_signed_out_at_the_next_request(context, browser, ana):
    page = browser(ana)
    assert page.get("/account").status_code == 200

    ana.deactivated_at = clock.now()
    db.session.commit()

    assert page.get("/account").status_code == 303


def test_too_many_parallel_sign_ins_get_503_while_pages_keep_loading(
    visitor, browser, ana, monkeypatch
):
    full = BoundedExecutor(1, 0)
    full._inside = 1
    monkeypatch.setattr(credentials, "_few", full)
    answer = sign_in(visitor)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "A lot of people are signing in" in answer.get_data(as_text=True)
    assert PASSWORD not in answer.get_data(as_text=True)
    assert browser().get("/").status_code == 200
    full._inside = 0
    assert sign_in(visitor).status_code == 303


def test_forms_of_two_pages_loaded_in_parallel_are_both_accepted(browser, ana):
    tab = browser()
    sign_in(tab)
    first, second = tab.again(), tab.again()
    first.get("/account/settings")
    second.get("/account/settings")
    shown = [
        one.page.select_one("form[method=post] input[name=csrf_token]")["value"]
        for one in (first, second)
    ]

    assert [
        first.post("/account/settings", {"csrf_token": token}, csrf=False).status_code != 400
        for token in shown
    ] == [True] * 2
