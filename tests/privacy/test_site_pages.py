"""Privacy, house rules, imprint: marked drafts, versions that stay, and what people agree to."""

import re

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.privacy import pages, reads
from webapp.privacy.models import PAGES, SitePage

PATHS = [f"/{page}" for page in PAGES]


@pytest.fixture(params=PAGES)
def name(request):
    """Each page in turn."""
    return request.param


def published(name, admin, *bodies):
    """Publish these versions, one after the other; commit."""
    for body in bodies:
        pages.publish(name, body, admin, reads.newest(name))
    db.session.commit()
    db.session.rollback()


def test_every_site_page_starts_as_a_marked_draft(visitor, name):
    answer = visitor.get(f"/{name}")

    assert answer.status_code == 200
    assert "This is a draft" in visitor.text
    assert "[" in visitor.text, "what must be filled in stands in brackets"
    assert "{site}" not in visitor.text
    assert "Set-Cookie" not in answer.headers


#: What the software decides, and a later release may decide otherwise.
OUR_RULES = {
    "every text": r"\b\d+ (minutes|hours|days|weeks|months|years)\b",
    "terms": r"(?i)one account|handle|waiting|plus-one|ballot|no one may|may not vote|secret"
    r"|page of the decision|appeal|is recorded|has a number|admins?\b|owners?\b|organizers?\b",
}


def test_shipped_texts_state_rules_of_the_operator_not_of_the_software(name):
    text = re.sub(r"\[[^]]*\]", "", reads.draft(name, "Folkmoot"))
    assert re.findall(OUR_RULES["every text"], text) == []
    assert name != "terms" or re.findall(OUR_RULES["terms"], text) == []


def test_an_admin_can_replace_the_draft(browser, visitor, dia, name):
    page = browser(dia)
    page.get(f"/admin/pages/{name}")
    page.submit(f"/admin/pages/{name}", body="## Ours\n\nWe are the *river* people.")
    assert "Version 2 applies from now on." in page.text

    visitor.get(f"/{name}")

    assert "We are the river people." in visitor.text
    assert "This is a draft" not in visitor.text
    assert "Version 2, since" in visitor.text


def test_earlier_versions_can_still_be_read(visitor, dia):
    published("terms", dia, "Second words", "Third words")

    assert visitor.get("/terms/1").status_code == 200
    assert "This is a draft" in visitor.text
    visitor.get("/terms/2")
    assert "Second words" in visitor.text
    assert "View the current version" in visitor.text
    visitor.get("/terms")
    assert "Third words" in visitor.text
    for missing in ("/terms/0", "/terms/4", "/privacy/2", "/terms/99999999999999999999"):
        assert visitor.get(missing).status_code == 404


def test_html_in_site_pages_is_escaped(visitor, dia):
    published("imprint", dia, "<script>alert(1)</script> [x](javascript:alert(1))")
    answer = visitor.get("/imprint")

    assert "<script>alert" not in answer.text
    assert 'href="javascript' not in answer.text


def test_the_second_of_two_parallel_edits_is_refused(browser, dia):
    first, second = browser(dia), browser(dia)
    for page in (first, second):
        page.get("/admin/pages/privacy")
    first.submit("/admin/pages/privacy", body="From the first tab")

    answer = second.submit("/admin/pages/privacy", body="From the second tab")

    assert answer.status_code == 409
    assert "From the second tab" in answer.text
    second.submit("/admin/pages/privacy")
    db.session.rollback()
    assert reads.page("privacy").body == "From the second tab"


def test_unchanged_text_creates_no_version(dia, context):
    published("terms", dia, "Words", "Words")

    assert reads.newest("terms") == 2


def test_a_version_is_created_once(dia, context):
    published("terms", dia, "Words")

    with pytest.raises(Conflict):
        pages.publish("terms", "Others", dia, after=1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SitePage)) == 1


def test_an_empty_page_is_refused(browser, dia):
    page = browser(dia)
    page.get("/admin/pages/imprint")

    assert page.submit("/admin/pages/imprint", body=" ").status_code == 422


def newcomer(page, **values):
    """Return the fields of a sign-up."""
    page.get("/sign-up")
    values = {
        "first_name": "Gil",
        "last_name": "Moreau",
        "email": "gil@example.org",
        "affirmed": "y",
        **values,
    }
    return lambda: page.submit(
        "/sign-up", password=factories.PASSWORD, password_again=factories.PASSWORD, **values
    )


def test_signing_up_records_the_version_that_was_shown(browser, dia):
    published("terms", dia, "Ours")
    page = browser()
    send = newcomer(page)
    assert "House rules, version 2" in page.text

    send()

    db.session.rollback()
    assert (
        db.session.scalar(sa.select(User.terms_version).where(User.email == "gil@example.org"))
        == "2"
    )


def test_signing_up_is_refused_if_the_rules_changed_meanwhile(browser, dia):
    page = browser()
    send = newcomer(page)
    published("terms", dia, "Ours")

    answer = send()

    assert answer.status_code == 422
    assert "The house rules have changed" in page.text
    assert "House rules, version 2" in page.text
    db.session.rollback()
    assert db.session.scalar(sa.select(User.id).where(User.email == "gil@example.org")) is None
    page.submit(
        "/sign-up", password=factories.PASSWORD, password_again=factories.PASSWORD, affirmed="y"
    )
    db.session.rollback()
    assert (
        db.session.scalar(sa.select(User.terms_version).where(User.email == "gil@example.org"))
        == "2"
    )


@pytest.mark.parametrize("path", ["/", "/sign-in", "/events", "/nothing-here", "/accessibility"])
def test_every_page_links_to_them_in_its_footer(visitor, path):
    visitor.get(path)
    links = {link["href"] for link in visitor.page.find("footer").find_all("a")}

    assert {*PATHS, "/accessibility"} <= links


def test_every_email_links_to_them_in_its_footer(ana, emails):
    from webapp.accounts import passwords

    passwords.request_reset(ana.email)
    db.session.commit()
    (email,) = emails()

    for kind in ("plain", "html"):
        text = email.get_body((kind,)).get_content()
        assert "http://127.0.0.1:8000/privacy" in text
        assert "http://127.0.0.1:8000/imprint" in text
