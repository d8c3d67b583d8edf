"""Secrets that were typed aren't stored or logged anywhere; every email can be rendered."""

import logging
import re

import pytest
import sqlalchemy as sa
from flask import render_template

from tests import factories
from webapp.accounts import account_deletion, emailed_links, invitations, passwords, verifications
from webapp.core.extensions import db
from webapp.core.jobs.queue import JOBS
from webapp.mail.emails import EMAIL_CONTEXTS, context_of
from webapp.mail.jobs.rendering import text_of
from webapp.mail.models import OutgoingEmail

from .conftest import someone

CANARY = "canary otter plinth 91 lamp"
WRONG = "canary wrong plinth 92 lamp"


def everything_in_the_database():
    with db.engine.connect() as connection:
        return "\n".join(
            str(connection.execute(sa.select(table)).all()) for table in db.metadata.sorted_tables
        )


def test_passwords_and_link_tokens_are_never_logged_or_stored(app, browser, emailed, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    page = browser()
    page.get("/sign-up")
    page.submit("/sign-up", **someone(password=CANARY, password_again=WRONG))
    page.get("/sign-up")
    page.submit("/sign-up", **someone(password=CANARY, password_again=CANARY))
    verify = emailed.path("accounts/verify")
    page.get(verify)
    page.submit()
    page.submit("/sign-out")
    page.get("/sign-in")
    page.submit("/sign-in", name="yuki-tanaka", password=WRONG)
    page.submit("/sign-in", name="yuki-tanaka", password=CANARY)
    page.get("/account/reauthentication")
    page.submit("/account/reauthentication", password=WRONG)
    page.get("/password/change")
    page.submit("/password/change", current=CANARY, password=WRONG, password_again=WRONG)
    page.get("/password/forgotten")
    page.submit("/password/forgotten", email="yuki@example.org")
    reset = emailed.path("accounts/reset")
    page.get(reset)
    page.submit(password=CANARY, password_again=CANARY)
    page.submit("/sign-in", name="yuki-tanaka", password=CANARY)
    assert page.get("/account").status_code == 200

    with app.app_context():
        stored = everything_in_the_database()
    shown = capfd.readouterr()
    logged = shown.out + shown.err + caplog.text
    assert "yuki-tanaka" in stored
    assert "sign_ins.create" in logged
    for secret in (CANARY, WRONG, verify.rsplit("/", 1)[-1], reset.rsplit("/", 1)[-1]):
        assert secret not in stored
        assert secret not in logged


def test_the_url_of_an_emailed_link_is_not_logged(browser, emailed, capfd):
    page = browser()
    page.get("/verification/0190f7b5-0000-7000-8000-000000000000/canary-token")

    shown = capfd.readouterr()
    assert "verifications.new" in shown.out + shown.err
    assert "canary-token" not in shown.out + shown.err


@pytest.fixture
def email_ids(context, ana, dia):
    """For each of the feature's emails, the ids of something that it can be about."""
    noor = factories.user("Noor", verified_at=None, approved_at=None)
    verifications.send(noor)
    passwords.request_reset(ana.email)
    row = invitations.invite("lea@example.org")
    gone = factories.user("Gil")
    account_deletion.leave(gone)
    change = emailed_links.current_or_new(ana, emailed_links.CHANGE, "ana@elsewhere.example.org")
    db.session.commit()
    return {
        "verify": {"link": str(emailed_links.current_or_new(noor, emailed_links.VERIFY).id)},
        "reset": {"link": str(emailed_links.current_or_new(ana, emailed_links.RESET).id)},
        "already": {"user": str(ana.id)},
        "password_changed": {"user": str(ana.id)},
        "change_confirm": {"link": str(change.id)},
        "change_asked": {"link": str(change.id)},
        "change_taken": {"user": str(ana.id)},
        "email_changed": {"user": str(ana.id)},
        "waiting": {"user": str(dia.id), "person": str(noor.id)},
        "admins": {"user": str(dia.id), "person": str(ana.id), "by": str(dia.id), "made": "y"},
        "approved": {"user": str(ana.id)},
        "declined": {},
        "leaving": {"user": str(gone.id)},
        "invited": {"invitation": str(row.id)},
    }


def test_every_account_email_can_be_rendered(app, email_ids):
    assert {f"accounts/{name}" for name in email_ids} == {
        name for name in EMAIL_CONTEXTS if name.startswith("accounts/")
    }
    for name, ids in email_ids.items():
        words = context_of(f"accounts/{name}", ids)
        assert words is not None, name
        html = render_template(f"emails/accounts/{name}.html", language="en", **words)
        text = text_of(html)
        for url in [value for key, value in words.items() if key.endswith("url")]:
            assert url.startswith("http://127.0.0.1:8000/")
            assert url in text
            assert url in html
        assert "You get this" in text
        assert "<h1" in html


def test_the_link_in_the_delivered_email_works(app, browser):
    page = browser()
    page.get("/sign-up")
    page.submit("/sign-up", **someone(password=CANARY, password_again=CANARY))
    with app.app_context():
        JOBS["mail.deliver"](str(db.session.scalar(sa.select(OutgoingEmail.id))))
    text = app.extensions["mailbox"].newest(1)[0].text

    page.get(re.search(r"http://127.0.0.1:8000(/verification/\S+)", text)[1])
    page.submit()

    assert page.get("/account").status_code == 200
