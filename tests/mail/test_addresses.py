"""Addresses that can't be mailed are refused at the door, and given up at once behind it."""

import pytest

from tests import factories
from webapp.core import smtp_server
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.invitations import address_import
from webapp.mail.addresses import mailable, on_the_wire
from webapp.mail.models import DEAD, SENT, OutgoingEmail

pytestmark = pytest.mark.any_database

UMLAUT = "jörg@example.org"
FIELDS = {"first_name": "Jörg", "last_name": "Li", "affirmed": "y"}
FIELDS |= {"password": factories.PASSWORD, "password_again": factories.PASSWORD}


def sign_up(visitor, email):
    """Sign up with this address; return its field and the message there."""
    visitor.get("/sign-up")
    visitor.submit("/sign-up", **FIELDS, email=email)
    field = visitor.page.find("input", attrs={"name": "email"})
    if field is None:
        return None, ""
    error = visitor.page.find(id=f"{field['id']}-err")
    return field["value"], error.text.strip() if error else ""


def test_an_address_beyond_ascii_is_refused_if_the_server_cannot_take_it(
    ascii_post_office, visitor, context
):
    kept, sentence = sign_up(visitor, UMLAUT)

    assert visitor.answer.status_code == 422
    assert sentence == "Our mail server can’t send to an address with “ö” before the @."
    assert kept == UMLAUT
    assert db.session.query(OutgoingEmail).count() == 0


def test_an_address_beyond_ascii_is_mailed_if_the_server_takes_it(
    post_office, visitor, work, context
):
    sign_up(visitor, UMLAUT)
    work()

    (email,) = post_office.emails
    assert post_office.recipients == [UMLAUT]
    assert "jörg@" in str(email["To"])


def test_a_curly_apostrophe_is_replaced_and_asked_about(post_office, visitor, work, context):
    kept, sentence = sign_up(visitor, "o’neil@example.org")
    assert (kept, visitor.answer.status_code) == ("o'neil@example.org", 422)
    assert sentence == "We made the apostrophe straight: o'neil@example.org. Is that right?"

    assert sign_up(visitor, kept) == (None, "")
    work()
    assert post_office.recipients == ["o'neil@example.org"]


def test_a_domain_beyond_ascii_is_mailed_by_any_server(ascii_post_office, posted, work):
    email = posted("ana@straße.example")
    work()

    assert email.state == SENT
    assert ascii_post_office.recipients == ["ana@xn--strae-oqa.example"]


def test_an_email_that_cannot_be_encoded_is_given_up_at_once(
    ascii_post_office, posted, work, browser
):
    email = posted(UMLAUT)
    work()

    assert (email.state, email.attempts, email.last_error) == (DEAD, 1, "UnwritableAddress")
    page = browser(factories.user("Ada", "Admin", is_admin=True))
    assert "UnwritableAddress" in page.get("/admin/queue").text


def test_the_server_is_asked_once_for_many_addresses(ascii_post_office, monkeypatch, app, context):
    asked = []
    connect = smtp_server.PatientConnection.configure_host
    monkeypatch.setattr(
        smtp_server.PatientConnection,
        "configure_host",
        lambda self: asked.append(self) or connect(self),
    )
    found = address_import.parse(
        address_import.lines_of(
            f"{UMLAUT}, zoë@example.org\nana@example.org\no’neil@example.org\no´hara@example.org"
        )
    )

    assert len(asked) == 1
    assert [one.address for one in found.valid] == [
        "ana@example.org",
        "o'neil@example.org",
        "o'hara@example.org",
    ]
    assert [one.reason[:44] for one in found.invalid] == [
        "Our mail server can’t send to an address wit"
    ] * 2


def test_invisible_characters_are_stripped_from_an_address(context):
    assert mailable(" a\u200bna@exam\u00adple.org\ufeff") == "ana@example.org"


def test_the_part_before_the_at_has_at_most_64_characters(context):
    assert mailable("a" * 64 + "@example.org")
    with pytest.raises(UserError, match="64 characters"):
        mailable("a" * 65 + "@example.org")


def test_addresses_are_sent_with_their_domain_in_ascii():
    assert on_the_wire("ana@bücher.example") == "ana@xn--bcher-kva.example"
    assert on_the_wire("jörg@bücher.example") == "jörg@xn--bcher-kva.example"
    assert on_the_wire("ana") == "ana"
