"""Changed house rules: everyone agrees again before going on, and anyone can still leave."""

import pytest
import sqlalchemy as sa

from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.observability.audit import AuditEntry
from webapp.privacy import agreements, pages, reads
from webapp.privacy.routes import agreements as routes

RULES = "## Ours\n\nWe are the river people."


@pytest.fixture
def changed(dia, ana):
    """Ana has agreed to version 1; Dia has published version 2, to which everyone must agree."""
    ana.terms_version = "1"
    pages.publish("terms", RULES, dia, 1, requires_agreement=True)
    db.session.commit()
    db.session.rollback()


def version_of(user):
    db.session.rollback()
    return db.session.scalar(sa.select(User.terms_version).where(User.id == user))


def test_people_must_agree_to_changed_rules_and_then_continue(browser, ana, changed):
    ana_id, page = ana.id, browser(ana)
    answer = page.get("/groups?q=river")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "/account/agreement?next=/groups?q%3Driver",
    )

    page.get(answer.headers["Location"])
    assert page.page.h1.get_text() == "The house rules have changed"
    assert "We are the river people." in page.text
    assert page.page.find("a", href="/terms/1")
    answer = page.submit("/account/agreement")

    assert page.page.h1.get_text() != "The house rules have changed"
    assert version_of(ana_id) == "2"
    entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "terms.agreed"))
    assert (entry.actor_id, entry.details["number"]) == (ana_id, 2)
    db.session.rollback()
    assert page.get("/groups").status_code == 200
    assert page.get("/account/agreement").status_code == 200
    assert "This version applies today." in page.text


def test_people_signing_in_must_agree_too(browser, ana, changed):
    from tests.factories import PASSWORD

    page = browser()
    page.get("/sign-in")
    page.submit("/sign-in", name=ana.handle, password=PASSWORD)
    page.get(page.answer.headers["Location"])

    assert page.page.h1.get_text() == "The house rules have changed"


@pytest.mark.parametrize(
    "path",
    [
        "/terms",
        "/terms/1",
        "/privacy",
        "/account/data",
        "/account/deletion",
        "/account/sign-ins",
        "/session/check",
    ],
)
def test_reading_rules_exporting_data_and_leaving_need_no_agreement(browser, ana, changed, path):
    assert browser(ana).get(path).status_code in {200, 204}


def test_a_sole_owner_who_is_leaving_can_hand_over_groups_without_agreeing(browser, ana, changed):
    from tests import factories

    group = factories.group(ana)
    path = f"/groups/{group.slug}"
    db.session.rollback()
    page = browser(ana)

    assert page.get(f"{path}/members").status_code == 200
    assert page.get(f"{path}/deletion").status_code == 200
    assert page.get(path).status_code == 303


def test_people_can_sign_out_without_agreeing(browser, ana, changed):
    page = browser(ana)
    page.get("/account/agreement")
    page.submit("/sign-out")
    db.session.rollback()

    assert page.get("/account").headers["Location"].startswith("/sign-in")


def test_forms_already_open_and_page_partials_work_before_agreeing(browser, ana, changed):
    page = browser(ana)
    page.get("/account/data")
    answer = page.post(
        "/account/settings", {"zone": "Europe/Oslo", "locale": "en", "accent": "no such thing"}
    )
    assert answer.status_code == 422, "it was read, and not led away"
    assert (
        page.get(
            "/account/settings", headers={"HX-Request": "true", "HX-Target": "div#x"}
        ).status_code
        == 200
    )
    assert page.get("/account/settings", headers={"Sec-Fetch-Dest": "image"}).status_code == 200


def test_visitors_and_the_author_of_the_rules_are_not_asked(browser, visitor, dia, changed):
    assert visitor.get("/groups").status_code == 200
    assert browser(dia).get("/groups").status_code == 200


def test_a_correction_needs_no_new_agreement(browser, dia, ana, changed):
    ana.terms_version = "2"
    pages.publish("terms", RULES + ".", dia, 2)
    db.session.commit()
    page = browser(ana)

    assert page.get("/groups").status_code == 200
    page.get("/account/agreement")
    assert "No one was asked to agree to it again" in page.text


def test_admins_choose_when_publishing_whether_to_require_agreement(browser, dia, ana, context):
    ana_id, page = ana.id, browser(dia)
    for name in ("terms", "imprint"):
        page.get(f"/admin/pages/{name}")
        page.submit(f"/admin/pages/{name}", body="Other words", requires_agreement="y")
    db.session.rollback()

    assert (reads.page("terms").requires_agreement, reads.page("imprint").requires_agreement) == (
        True,
        False,
    )
    assert version_of(ana_id) is None
    assert browser(db.session.get(User, ana_id)).get("/groups").status_code == 303


def test_rules_changed_while_reading_are_shown_again(browser, ana, dia, changed):
    ana_id, page = ana.id, browser(ana)
    page.get("/account/agreement")
    pages.publish("terms", "Third words", db.session.merge(dia), 2, requires_agreement=True)
    db.session.commit()
    db.session.rollback()

    answer = page.submit("/account/agreement")
    assert answer.status_code == 409
    assert "Third words" in page.text
    assert version_of(ana_id) == "1"
    page.submit("/account/agreement")
    assert version_of(ana_id) == "3"


@pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_next_leads_to_our_own_pages_only(browser, ana, changed, next):
    page = browser(ana)
    page.get(f"/account/agreement?next={next}")
    answer = page.post("/account/agreement", {"number": "2", "next": next})

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("said", "number"), [(None, 0), ("1", 1), ("2026-03", 0), ("", 0), ("²", 0)]
)
def test_unnumbered_old_versions_count_as_not_agreed(said, number):
    assert agreements.agreed_to(User(terms_version=said)) == number


def test_every_exempt_blueprint_exists(app):
    assert set(app.blueprints) >= routes.FREE
