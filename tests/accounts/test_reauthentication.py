"""Sensitive routes ask for the password again, keep what was typed, and limit the attempts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import sample_site
from tests.factories import PASSWORD
from webapp.accounts import sign_ins
from webapp.accounts.models import EmailedLink, SignIn
from webapp.core.extensions import db
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock

pytestmark = pytest.mark.any_database

#: Every route that asks for the password unless it was entered recently. Add further sensitive
#: routes here.
SENSITIVE = {
    "admin_people.ask_to_end",
    "admin_people.ask_to_make",
    "admin_people.end",
    "admin_people.make",
    "admin_settings.update",
    "email_addresses.edit",
    "email_addresses.update",
    "sign_in_revocations.create",
    "sign_in_revocations.new",
    "sign_in_revocations.delete",
    "your_data.export",
}
#: Sensitive routes that ask for the password in their own form.
ASK_THEMSELVES = {"passwords.update", "account_deletions.create", "email_address_links.create"}
#: Parts of paths that suggest a sensitive route: each such route is in one of the lists, or here
#: with a reason.
TELLING = ("/account/", "/password", "/email")
NOT_SENSITIVE = {
    "email_addresses.delete": "takes a change back: the safe direction",
    "email_address_links.new": "the form that asks",
    "resets.new": "for those who do not know it; their mailbox is the proof",
    "resets.create": "for those who do not know it; their mailbox is the proof",
    "guest_links.show": "says where to look",
    "guests.show": "says where to look",
    "resets.show": "says where to look",
    "sign_ups.show": "says where to look",
    "verifications.show": "says where to look",
    "passwords.edit": "the form that asks",
    "resets.edit": "the link itself is the proof",
    "resets.update": "the link itself is the proof",
    "reauthentication.new": "asks",
    "reauthentication.create": "asks",
    "account_deletions.new": "the form that asks",
    "account_restorations.create": "keeps the account that was to go: the safe direction",
    "your_data.show": "shows only",
    "your_data.create": "packs; to take it asks",
    "agreements.edit": "shows only",
    "agreements.update": "changes no way in",
    "blocks.index": "shows only",
    "preferences.edit": "changes no way in",
    "preferences.update": "changes no way in",
    "settings.edit": "changes no way in",
    "settings.update": "changes no way in",
    "profile.edit": "changes no way in",
    "profile.update": "changes no way in: one signs in by the address, too",
    "my_reports.index": "shows only",
    "calendar_links.show": "shows only",
    "calendar_links.create": (
        "an address to read what the pages show; their person sees that it is read, and takes it "
        "back"
    ),
    "calendar_links.ask": "asks",
    "calendar_links.renew": "the old address leads nowhere: the safe direction",
    "calendar_links.delete": "takes an address back: the safe direction",
    "security.show": "shows only",
    "dev_mailbox.index": "development only",
    "dev_mailbox.show": "development only",
    "dev_mailbox_html.show": "development only",
    "sign_ins.index": "shows only",
}


@pytest.fixture
def later():
    """Move the clock a minute past the 15 minutes after everyone's last password entry."""
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=True) as moved:
        yield moved


@pytest.fixture
def stale(browser, ana, context):
    """Ana's browser, in which she entered her password long ago."""
    page = browser(ana)
    db.session.execute(
        sa.update(SignIn).values(reauthenticated_at=clock.now() - timedelta(minutes=16))
    )
    db.session.commit()
    return page


def freshness(view):
    return getattr(view, "is_fresh", False)


def test_exactly_the_listed_routes_ask_for_the_password(app):
    marked = {endpoint for endpoint, view in app.view_functions.items() if freshness(view)}

    assert marked == SENSITIVE


def test_every_account_route_is_classified(app):
    telling = {
        rule.endpoint
        for rule in sample_site.rules(app)
        if any(word in rule.rule for word in TELLING)
    }

    assert telling - SENSITIVE - ASK_THEMSELVES - set(NOT_SENSITIVE) == set()
    assert not (SENSITIVE | ASK_THEMSELVES) & set(NOT_SENSITIVE)
    assert set(NOT_SENSITIVE) <= telling


def test_each_sensitive_route_asks_for_the_password_before_acting(app, context):
    here = sample_site.build(app)
    browsers = {
        is_admins: here.browser(app, "admin" if is_admins else "owner")
        for is_admins in (True, False)
    }
    db.session.execute(
        sa.update(SignIn).values(reauthenticated_at=clock.now() - timedelta(minutes=16))
    )
    db.session.commit()
    rows = db.session.scalar(sa.select(sa.func.count(SignIn.id)))
    db.session.rollback()
    for rule in sample_site.rules(app):
        if rule.endpoint not in SENSITIVE:
            continue
        path, owner = here.path(rule), browsers[rule.rule.startswith("/admin")]
        if "GET" in rule.methods:
            answer = owner.get(path)
            assert (answer.status_code, answer.headers["Location"]) == (
                303,
                f"/account/reauthentication?next={path}",
            )
        else:
            assert owner.post(path, {"email": "new@example.org"}).status_code == 422, rule
            assert owner.page.h1.get_text() == "Enter your password"
            headers = owner.fragment(path, "form#x", method="POST").headers
            assert headers["HX-Redirect"].startswith("/account/reauthentication?next=")
    assert db.session.scalar(sa.select(sa.func.count(SignIn.id))) == rows
    assert db.session.scalar(sa.select(sa.func.count(EmailedLink.id))) == 0


def test_the_right_password_completes_the_form_with_its_values(stale, context):
    stale.post(
        "/account/email", {"email": "New.Ana+moot@example.org", "password": "typed by habit"}
    )
    fields = {
        field["name"]: field.get("value")
        for field in stale.page.main.form.find_all("input")
        if field.get("name")
    }
    assert fields["email"] == "New.Ana+moot@example.org"
    assert "Nothing you wrote is lost." in stale.text
    assert "typed by habit" not in stale.answer.text

    stale.submit("/account/email", proof="wrong")
    assert stale.answer.status_code == 422
    assert "That’s not your password. Try again." in stale.text
    assert "New.Ana+moot@example.org" in stale.answer.text
    assert "password_check.failed" in db.session.scalars(sa.select(AuditEntry.action)).all()
    db.session.rollback()

    stale.submit("/account/email", proof=PASSWORD)
    assert "We’ve sent an email to new.ana+moot@example.org." in stale.text

    stale.get("/account/email")
    assert stale.page.h1.get_text() == "Change email address"


def test_an_empty_password_is_not_counted_as_an_attempt(stale, context):
    stale.post("/account/email", {"email": "new@example.org", "proof": ""})

    assert stale.answer.status_code == 422
    assert "Enter your password." in stale.text
    assert "password_check.failed" not in db.session.scalars(sa.select(AuditEntry.action)).all()


def test_five_attempts_a_minute_are_allowed_across_all_pages(stale):
    tries = [
        stale.post("/account/email", {"email": "n@example.org", "proof": f"wrong {n}"}).status_code
        for n in range(3)
    ]
    tries += [
        stale.post("/account/reauthentication", {"password": f"wrong {n}"}).status_code
        for n in range(3)
    ]

    assert tries == [422] * 5 + [429]
    stale.post("/account/email", {"email": "n@example.org", "proof": PASSWORD})
    assert stale.answer.status_code == 429
    assert PASSWORD not in stale.answer.text
    assert "n@example.org" in stale.answer.text  # the form can be sent again in a minute


def test_being_asked_is_not_counted_as_an_attempt(stale):
    for _ in range(7):
        assert stale.post("/account/email", {"email": "n@example.org"}).status_code == 422
    assert (
        stale.post("/account/email", {"email": "n@example.org", "proof": PASSWORD}).status_code
        == 303
    )


def test_people_return_to_the_sensitive_page_after_the_password(stale):
    stale.get("/account/sign-ins/revocation?from=mail")
    stale.follow()

    stale.submit("/account/reauthentication", password=PASSWORD)

    assert stale.page.h1.get_text() == "Sign out all other browsers?"
    assert stale.path == "/account/sign-ins/revocation?from=mail"


def test_the_password_is_remembered_for_15_minutes(browser, ana):
    page = browser(ana)
    start = clock.now()
    for minutes, status in ((14, 200), (16, 303)):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert page.get("/account/email").status_code == status


def test_reauthentication_applies_to_one_browser_only(stale, browser, ana):
    other = browser(ana)
    assert other.get("/account/email").status_code == 200
    assert stale.get("/account/email").status_code == 303


def test_a_reauthentication_time_in_the_future_is_not_trusted(ana, context):
    """The password was entered while the machine's clock was ahead; now the clock is right
    again.
    """
    row = SignIn(user_id=ana.id, reauthenticated_at=clock.now() + timedelta(days=30))
    assert not sign_ins.is_fresh(row)
    for apart, fresh in (
        (timedelta(seconds=30), True),
        (-timedelta(minutes=14), True),
        (-timedelta(minutes=15), False),
    ):
        row.reauthenticated_at = clock.now() + apart
        assert sign_ins.is_fresh(row) is fresh
