"""Sign-up: what is asked for, what is refused, and that it reveals no accounts."""

import re

import pytest
import sqlalchemy as sa

from webapp.accounts import credentials, handles, reads
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.mail import outbox

from .conftest import GOOD, someone


def sign_up(browser, **values):
    browser.get("/sign-up")
    return browser.post("/sign-up", someone(**values))


def test_the_form_has_the_required_fields(visitor):
    visitor.get("/sign-up")

    page = visitor.page
    assert {
        "first_name",
        "last_name",
        "handle",
        "email",
        "password",
        "password_again",
        "affirmed",
        "zone",
    } <= {control["name"] for control in page.find_all("input")}
    assert page.find(id="password")["autocomplete"] == "new-password"
    assert page.find(id="zone").has_attr("data-guess-zone")
    assert page.find(id="homepage")["tabindex"] == "-1"
    assert "16 or older" in visitor.text


def test_a_newcomer_gets_an_account_and_an_email(real_hashes, app, visitor, emailed):
    answer = sign_up(visitor)

    assert answer.status_code == 303
    visitor.follow()
    assert "Check your inbox" in visitor.text
    assert "yuki@example.org" in visitor.text
    with app.app_context():
        made = reads.by_email("yuki@example.org")
        assert (made.name, made.handle, made.zone) == ("Yuki Tanaka", "yuki-tanaka", "Asia/Tokyo")
        assert (made.is_verified, made.is_approved, made.is_admin) == (False, True, False)
        assert made.terms_version == "1"
        assert made.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert [(row.template, row.address) for row in emailed.rows()] == [
        ("accounts/verify", "yuki@example.org")
    ]


def test_the_outbox_contains_no_secret(visitor, emailed):
    sign_up(visitor)

    path = emailed.path("accounts/verify")
    assert list(emailed.rows()[0].ids) == ["link"]
    assert path.rsplit("/", 1)[-1] not in str(emailed.rows())


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"first_name": " "}, "Enter your name."),
        ({"email": ""}, "Enter your email address."),
        ({"email": "yuki@"}, "Enter a full email address"),
        ({"email": "yuki@example.org\r\nBcc: eve@example.org"}, "Enter a full email address"),
        ({"password": "short", "password_again": "short"}, "Use 8 characters or more."),
        ({"password": "Summer2025!", "password_again": "Summer2025!"}, "easy to guess"),
        ({"password_again": GOOD + "."}, "The two passwords don’t match."),
        ({"affirmed": None}, "Please confirm your age"),
        ({"handle": "a"}, "lowercase letters, digits and single hyphens"),
        ({"handle": "yuki tanaka"}, "lowercase letters, digits and single hyphens"),
        ({"handle": "admin"}, "is reserved for the site"),
    ],
)
def test_each_mistake_has_its_message_and_keeps_the_other_values(
    app, visitor, emailed, values, sentence
):
    fields = {name: value for name, value in someone(**values).items() if value is not None}
    visitor.get("/sign-up")

    answer = visitor.post("/sign-up", fields)

    assert answer.status_code == 422
    assert sentence in visitor.text
    assert visitor.page.title.get_text().startswith("Error:")
    if "last_name" not in values:
        assert visitor.page.find(id="last_name")["value"] == "Tanaka"
    assert not visitor.page.find(id="password").get("value")
    assert emailed.rows() == []


def test_problems_are_listed_in_the_order_of_the_page(visitor):
    sign_up(visitor, first_name="", email="", password="", password_again="")

    targets = [link["href"] for link in visitor.page.select(".notice.no a")]
    assert targets == ["#first_name", "#email", "#password", "#password_again"]


@pytest.mark.parametrize("again", ["", GOOD + "."])
def test_both_password_fields_show_an_error_if_the_second_is_wrong(visitor, again):
    sign_up(visitor, password_again=again)

    targets = [link["href"] for link in visitor.page.select(".notice.no a")]
    assert targets == ["#password", "#password_again"]
    assert "Enter your password in both fields." in visitor.text


def test_a_taken_handle_is_refused_and_a_free_one_suggested(visitor, ana):
    answer = sign_up(visitor, handle="@Ana-Souza")

    assert answer.status_code == 422
    assert "“ana-souza” is taken, but “ana-souza-2” is free." in visitor.text


def test_a_default_handle_is_made_from_the_names(app, context, visitor, ana):
    sign_up(visitor, first_name="Ana", last_name="Souza")

    assert reads.by_email("yuki@example.org").handle == "ana-souza-2"
    assert handles.propose("Çem", "Yılmaz") == "cem-yilmaz"
    assert handles.propose("愛", "田中") == "member-2"
    assert len(handles.propose("x" * 60, "y" * 60)) <= handles.MOST


def same(one, other):
    return (one.status_code, one.headers["Location"], one.get_data()) == (
        other.status_code,
        other.headers["Location"],
        other.get_data(),
    )


def test_a_known_address_gets_the_same_response_and_another_email(browser, ana, emailed):
    one, other = browser(), browser()
    unknown, known = (
        sign_up(one),
        sign_up(other, email="Ana-Souza@example.org", handle="someone-else"),
    )

    assert same(unknown, known)
    pages = [b.follow().get_data(as_text=True) for b in (one, other)]
    assert pages[0].replace("yuki@example.org", "ana-souza@example.org") == pages[1]
    assert [(row.template, row.address) for row in emailed.rows()] == [
        ("accounts/verify", "yuki@example.org"),
        ("accounts/already", "ana-souza@example.org"),
    ]
    assert emailed.words("accounts/already")["sign_in_url"] == "http://127.0.0.1:8000/sign-in"


def test_a_known_address_changes_nothing(app, context, visitor, ana):
    before = ana.password_hash

    sign_up(visitor, email=ana.email, first_name="Eve")

    db.session.refresh(ana)
    assert (ana.first_name, ana.password_hash) == ("Ana", before)


@pytest.mark.parametrize("email", ["ana-souza@example.org", "nobody@example.org"])
def test_signing_up_twice_with_one_handle_reveals_nothing(browser, context, ana, ben, email):
    """Neither at the sign-up, nor to someone who wants the same handle, nor to the person who asked
    before.
    """
    sign_up(browser(), email="first@example.org", handle="curious")
    for again in (email, email, "other@example.org"):
        page = browser()
        assert sign_up(page, email=again, handle="curious").status_code == 303
    with pytest.raises(UserError, match="“curious” is taken"):
        handles.change(ben, "curious")
    db.session.rollback()

    assert reads.by_email("first@example.org").handle == "curious-2"
    assert reads.by_email("other@example.org").handle == "curious"


def test_signing_up_again_with_your_own_handle_works(browser, app, emailed):
    first, again = browser(), browser()
    sign_up(first, handle="yuki")
    assert sign_up(again, handle="yuki").status_code == 303
    again.follow()
    assert "Check your inbox" in again.text
    with app.app_context():
        made = reads.by_email("yuki@example.org")
        assert made.handle == "yuki"
    page = browser()
    page.get(emailed.path("accounts/verify"))
    page.submit()
    with app.app_context():
        assert reads.by_email("yuki@example.org").is_verified
    refused = browser()
    assert sign_up(refused, email="other@example.org", handle="yuki").status_code == 422
    assert "“yuki” is taken" in refused.text


def test_signing_up_again_without_a_handle_keeps_the_default_handle(browser, app):
    sign_up(browser())
    sign_up(browser())

    with app.app_context():
        assert reads.by_email("yuki@example.org").handle == "yuki-tanaka"


def test_signing_up_again_after_a_mistyped_address_keeps_the_handle(browser, app):
    sign_up(browser(), email="yukki@example.org", handle="yuki")
    sign_up(browser(), email="yuki@example.org", handle="yuki")

    with app.app_context():
        assert reads.by_email("yuki@example.org").handle == "yuki"
        assert reads.by_email("yukki@example.org").handle == "yuki-2"


def test_the_password_is_hashed_for_known_addresses_too(browser, ana, monkeypatch):
    made = []
    monkeypatch.setattr(
        credentials, "hash_password", lambda password: made.append(1) or "$argon2id$x"
    )
    sign_up(browser(), email=ana.email)
    sign_up(browser(), email="nobody@example.org")

    assert made == [1, 1]


def test_no_lock_is_held_while_a_newcomers_password_is_hashed(browser, monkeypatch):
    held = []
    real = credentials.hash_password

    def watched(password):
        held.append(db.session().in_transaction())
        return real(password)

    monkeypatch.setattr(credentials, "hash_password", watched)
    page = browser()
    page.get("/sign-up")
    page.submit("/sign-up", **someone())

    assert held == [False]


def test_a_second_sign_up_before_the_confirmation_replaces_the_first(app, browser, emailed):
    sign_up(browser(), password="attacker's very own 42", password_again="attacker's very own 42")
    first = emailed.path("accounts/verify")

    sign_up(browser(), first_name="Yuuki")

    second = emailed.path("accounts/verify")
    assert second != first
    eve = browser()
    assert eve.get(first).status_code == 404
    yuki = browser()
    yuki.get(second)
    assert "Yuuki Tanaka" in yuki.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1
        assert reads.by_email("yuki@example.org").search_text.startswith("yuuki")


def test_a_bot_filling_the_hidden_field_gets_the_same_response_and_no_account(
    app, browser, emailed
):
    one, machine = browser(), browser()

    filled = {"email": "bot@example.org", "homepage": "https://spam.example", "zone": ""}
    assert same(sign_up(one), sign_up(machine, **filled))
    assert [row.address for row in emailed.rows()] == ["yuki@example.org"]
    with app.app_context():
        assert reads.by_email("bot@example.org") is None


def test_an_unknown_time_zone_becomes_utc(app, visitor):
    sign_up(visitor, zone="Mars/Olympus")

    with app.app_context():
        assert reads.by_email("yuki@example.org").zone == "UTC"


def test_extra_fields_are_ignored(app, visitor):
    sign_up(visitor, is_admin="y", verified_at="2020-01-01", approved_at="")

    with app.app_context():
        made = reads.by_email("yuki@example.org")
        assert (made.is_admin, made.verified_at) == (False, None)


def test_five_emails_an_hour_go_to_one_address_and_mistakes_are_not_counted(visitor, emailed):
    for _ in range(7):
        assert sign_up(visitor, password_again="other").status_code == 422
    for number in range(5):
        assert sign_up(visitor, handle=f"yuki-{number}").status_code == 303

    answer = sign_up(visitor, handle="yuki-6")

    assert answer.status_code == 429
    assert "Too many requests" in visitor.text
    assert len(emailed.rows()) == 1  # emails of earlier sign-ups have become pointless


def test_signed_in_people_are_redirected(browser, ana):
    assert browser(ana).get("/sign-up").headers["Location"] == "/"


def test_sign_up_needs_a_csrf_token(visitor, emailed):
    assert visitor.post("/sign-up", someone(), csrf=False).status_code == 400
    assert emailed.rows() == []


def test_a_sign_up_is_rolled_back_if_its_email_cannot_be_queued(app, visitor, monkeypatch):
    def broken(*args, **ids):
        raise RuntimeError("disk full")

    monkeypatch.setattr(outbox, "enqueue_email", broken)

    assert sign_up(visitor).status_code == 500
    with app.app_context():
        assert reads.by_email("yuki@example.org") is None


def test_the_page_that_confirms_an_address_says_who_signed_up(visitor, emails):
    sign_up(visitor)

    (email,) = emails()
    assert (email["To"], email["Subject"]) == ("yuki@example.org", "Confirm your email address")
    visitor.get(link_in(email))
    assert "Yuki Tanaka, with the handle “yuki-tanaka”" in visitor.text


def link_in(email):
    words = email.get_body(("plain",)).get_content()
    return re.search(r"http://127.0.0.1:8000(/verification/\S+)", words)[1]


def test_a_name_of_letters_that_expand_when_folded_is_accepted(visitor, emailed):
    assert sign_up(visitor, first_name="ﷺ" * 60, last_name="ﷺ" * 60).status_code == 303


def test_only_the_latest_of_two_sign_ups_sends_its_email(browser, emails):
    for name in ("Nora", "Mallory"):
        assert sign_up(browser(), first_name=name, email="nora@example.org").status_code == 303

    sent = [email for email in emails() if email["To"] == "nora@example.org"]
    assert len(sent) == 1
    page = browser()
    page.get(link_in(sent[0]))
    assert "Mallory" in page.text


def test_people_who_signed_up_twice_can_take_their_handle_back(browser, app, emailed):
    for _time in range(2):
        sign_up(browser(), handle="yuki")
    with app.app_context():
        user = reads.by_email("yuki@example.org")
        user.verified_at = clock.now()
        handles.change(user, "yuki-h")
        db.session.commit()
        handles.change(user, "yuki")
        db.session.commit()
        assert user.handle == "yuki"


def test_a_new_account_uses_the_clock_of_its_region(visitor, context):
    visitor.get("/sign-up", headers={"Accept-Language": "en-US"})
    visitor.post("/sign-up", someone(), headers={"Accept-Language": "en-US"})
    assert reads.by_email("yuki@example.org").locale == "en@12"
