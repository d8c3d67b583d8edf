"""Unsubscribing: offered in every notification email, with one press, without signing in; and
undoing it.
"""

import uuid
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from tests.privacy import life
from webapp.accounts import account_deletion
from webapp.core.extensions import db
from webapp.events import planning
from webapp.mail.emails import EMAIL_CONTEXTS
from webapp.mail.models import OutgoingEmail
from webapp.notifications import notification_types, preferences, unsubscribe
from webapp.notifications.models import DIGEST, INBOX, NOW, OFF, Notification, Preference
from webapp.notifications.notify import notify

from .. import factories

pytestmark = pytest.mark.any_database

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
#: Emails without a link to unsubscribe, each with its reason.
NO_WAY_OUT = {
    "accounts/verify": "asked for by the person",
    "accounts/reset": "asked for by the person",
    "accounts/already": "asked for by whoever signed up",
    "accounts/change_confirm": "asked for by the person",
    "accounts/change_taken": "asked for by the person",
    "accounts/change_asked": "safety: cannot be switched off",
    "accounts/email_changed": "safety: cannot be switched off",
    "accounts/leaving": "safety: cannot be switched off",
    "accounts/password_changed": "safety: cannot be switched off",
    "accounts/admins": "safety: cannot be switched off",
    "accounts/approved": "the answer to a sign-up, once",
    "accounts/declined": "the answer to a sign-up, once",
    "invitations/invited": (
        "from a person to an address without an account, once; its way out stops all such "
        "mails, for good"
    ),
    "events/invited_by_mail": (
        "from a person to an address without an account, once; its way out stops all such "
        "mails, for good"
    ),
    "accounts/invited": "from a person to an address without an account, once",
    "events/guest_asks": "asked for by the person",
    "events/guest_link": "asked for by the person",
    "events/guest_known": "asked for by whoever answered, with this address",
    "events/notice": "to guests, who have no account: what they answered, they take back on their page",  # noqa: E501
    "events/cancelled": "whoever set out would be at a closed door: cannot be switched off",
    "events/message": "from a person to a host, who is asked for an answer",
    "moderation/decided": "what was decided about a person: cannot be switched off",
    "moderation/received": "asked for by a visitor, once",
    "moderation/looked_at": "asked for by a visitor, once",
    "mail/test": "asked for on the command line",
}


@pytest.fixture
def emailed(ana, ben, emails):
    """An email to Ben about a new event of Ana's group, and the path of its link to unsubscribe."""
    group = factories.group(ana, ben)
    preferences.choose(ben, {"event.published": NOW})
    planning.publish(factories.event(ana, group, state="draft"), by=ana)
    db.session.commit()
    (email,) = [email for email in emails() if email["To"] == ben.email]
    return email, urlsplit(email["List-Unsubscribe"].strip("<>")).path


def notified(user):
    """Return how many notifications and emails the next event creates."""
    db.session.rollback()
    before = counts()
    notify([user], "event.published", "/events/x", {"event": "E", "group": "G"}, event=uuid.uuid4())
    db.session.commit()
    return tuple(after - first for after, first in zip(counts(), before, strict=True))


def counts():
    return [
        db.session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (Notification, OutgoingEmail)
    ]


def test_emails_offer_unsubscribing_in_header_text_and_html(emailed):
    email, path = emailed

    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert email["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/unsubscription/")
    for form in ("plain", "html"):
        words = email.get_body((form,)).get_content()
        assert path in words
        assert "You get this because" in words
        assert "http://127.0.0.1:8000/account/notifications" in words


def test_unsubscribe_tokens_are_stored_nowhere(emailed):
    token = emailed[1].rpartition("/")[2]
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            assert token not in repr(row), table.name


def test_providers_can_unsubscribe_without_cookie_or_csrf_token(emailed, visitor, ben):
    answer = visitor.post(emailed[1], ONE_CLICK, csrf=False)

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert notified(ben) == (1, 0)  # the inbox still gets it


def test_unsubscribing_works_with_every_form_encoding(emailed, visitor, ben):
    answer = visitor.post(emailed[1], ONE_CLICK, csrf=False, content_type="multipart/form-data")

    assert answer.status_code == 200
    assert notified(ben) == (1, 0)


def test_providers_can_unsubscribe_over_https_without_a_referrer(emailed, visitor, ben):
    """Other forms need a token."""
    fields = {"name": "x"}
    assert (
        visitor.client.post("/sign-in", data=fields, base_url="https://127.0.0.1:8000").status_code
        == 400
    )

    assert (
        visitor.client.post(
            emailed[1], data=ONE_CLICK, base_url="https://127.0.0.1:8000"
        ).status_code
        == 200
    )
    assert notified(ben) == (1, 0)


def test_opening_the_unsubscribe_link_changes_nothing(emailed, visitor, ben):
    answer = visitor.get(emailed[1])

    assert answer.status_code == 200
    assert "One of your groups has a new event" in visitor.text
    assert "Set-Cookie" not in answer.headers
    assert notified(ben) == (1, 1)


def test_people_can_unsubscribe_and_undo_it(emailed, visitor, ben):
    visitor.get(emailed[1])
    visitor.submit(button="Unsubscribe")
    assert "You’re unsubscribed" in visitor.text
    assert visitor.page.find("a", href="/account/notifications")
    assert notified(ben) == (1, 0)

    visitor.submit(button="Undo")
    assert "You’re subscribed again" in visitor.text
    assert notified(ben) == (1, 1)
    assert preferences.of(ben)["event.published"] == NOW


@pytest.mark.parametrize(
    ("before", "after"), [(NOW, NOW), (DIGEST, DIGEST), ("nonsense", NOW), (OFF, NOW), ("", NOW)]
)
def test_undo_restores_a_channel_that_sends_emails(emailed, visitor, ben, before, after):
    visitor.post(emailed[1], ONE_CLICK, csrf=False)
    visitor.post(emailed[1], {"undo": before}, csrf=False)

    assert preferences.of(ben)["event.published"] == after


def test_undo_restores_the_previous_channel(emailed, visitor, ben):
    preferences.choose(ben, {"event.published": DIGEST})
    db.session.commit()
    visitor.get(emailed[1])
    visitor.submit(button="Unsubscribe")
    visitor.submit(button="Undo")

    assert preferences.of(ben)["event.published"] == DIGEST


def test_unsubscribing_twice_has_the_same_effect_as_once(emailed, visitor, ben):
    for _time in range(3):
        assert visitor.post(emailed[1], ONE_CLICK, csrf=False).status_code == 200

    assert preferences.of(ben)["event.published"] == INBOX
    assert len(db.session.scalars(sa.select(Preference)).all()) == 1


def test_unsubscribing_does_not_turn_on_a_type_that_was_off(emailed, visitor, ben):
    preferences.choose(ben, {"event.published": OFF})
    db.session.commit()
    visitor.post(emailed[1], ONE_CLICK, csrf=False)

    assert preferences.of(ben)["event.published"] == OFF


def test_a_post_without_the_right_field_changes_nothing(emailed, visitor, ben):
    for fields in ({}, {"List-Unsubscribe": "Two-Clicks"}, {"csrf_token": "x"}):
        assert visitor.post(emailed[1], fields, csrf=False).status_code == 400
    assert notified(ben) == (1, 1)


def test_an_unsubscribe_link_works_for_one_type_person_and_address_only(emailed, visitor, ana, ben):
    path = emailed[1]
    token = path.rpartition("/")[2]
    forged = [
        path[:-2] + ("AA" if not path.endswith("AA") else "BB"),
        f"/unsubscription/{ben.id}/vote.opened/{token}",
        f"/unsubscription/{ana.id}/event.published/{token}",
        f"/unsubscription/{ben.id}/event.message/{token}",
        f"/unsubscription/{ben.id}/no.such/{token}",
        f"/unsubscription/{uuid.uuid4()}/event.published/{token}",
        f"/unsubscription/{ben.id}/event.published/%C3%A9",
    ]
    for address in forged:
        for answer in (visitor.get(address), visitor.post(address, ONE_CLICK, csrf=False)):
            assert answer.status_code == 404, address
            assert "This link doesn’t work" in visitor.text
    ben.email = "ben@elsewhere.example"
    db.session.commit()
    assert visitor.post(path, ONE_CLICK, csrf=False).status_code == 404
    assert preferences.of(ben)["event.published"] == NOW


def test_the_link_unsubscribes_its_recipient_even_if_someone_else_is_signed_in(
    emailed, browser, ana, ben
):
    browser(ana).post(emailed[1], ONE_CLICK, csrf=False)

    assert preferences.of(ben)["event.published"] == INBOX
    assert preferences.of(ana)["event.published"] == DIGEST


def test_every_email_can_be_unsubscribed_from_or_has_a_documented_reason(app):
    about = {
        template
        for kind in notification_types.NOTIFICATION_TYPES.values()
        if kind.without_email
        for template in kind.emails
    }

    assert about | set(NO_WAY_OUT) == set(EMAIL_CONTEXTS)
    assert not about & set(NO_WAY_OUT)


@pytest.mark.parametrize("name", sorted(NO_WAY_OUT))
def test_requested_emails_have_no_unsubscribe_link(app, context, ana, name):
    from webapp.notifications.emails import of_notification

    assert "unsubscribe_url" not in of_notification(name, {"user": str(ana.id)}, {})


def test_only_types_that_can_be_turned_off_have_a_link(app, context, ana):
    for kind in notification_types.NOTIFICATION_TYPES.values():
        path = urlsplit(unsubscribe.url(ana, kind)).path.split("/")
        found = unsubscribe.find(uuid.UUID(path[2]), path[3], path[4])
        assert (found is None) == kind.is_fixed


def test_the_link_works_for_leaving_accounts_but_not_for_deleted_ones(emailed, visitor, ben):
    _email, path = emailed
    account_deletion.leave(ben)
    db.session.commit()
    assert visitor.post(path, ONE_CLICK, csrf=False).status_code == 200
    assert ben.email not in visitor.text

    life.erased(ben)
    for answer in (
        visitor.get(path),
        visitor.post(path, ONE_CLICK, csrf=False),
        visitor.post(path, {"undo": NOW}, csrf=False),
    ):
        assert answer.status_code == 404
    db.session.rollback()
    assert db.session.scalars(sa.select(Preference)).all() == []


def test_a_link_from_before_an_address_change_stops_nothing(emailed, browser, visitor, ben, cem):
    """Neither for the address's previous owner, nor for its current one."""
    _email, path = emailed
    before, ben.email = ben.email, "ben@elsewhere.example"
    db.session.flush()
    cem.email = before
    db.session.commit()

    assert visitor.post(path, ONE_CLICK, csrf=False).status_code == 404
    assert (
        visitor.post(path.replace(str(ben.id), str(cem.id)), ONE_CLICK, csrf=False).status_code
        == 404
    )
    assert preferences.of(ben)["event.published"] == NOW
