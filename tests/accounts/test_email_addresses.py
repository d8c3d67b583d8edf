"""Changing an email address: it is confirmed from the new one, both are notified, no one learns who
has an account, and old links stop working.
"""

import re
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.factories import PASSWORD
from webapp.accounts import account_deletion, email_addresses, passwords, verifications
from webapp.accounts.models import SignIn, User
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock
from webapp.mail import outbox
from webapp.mail.models import DEAD, OutgoingEmail
from webapp.notifications import notification_types, preferences, unsubscribe
from webapp.notifications.models import NOW
from webapp.notifications.notify import notify

NEW = "ana@elsewhere.example.org"


def ask(page, email=NEW):
    page.get("/account/email")
    page.submit("/account/email", email=email)


def address_of(user):
    db.session.rollback()
    return db.session.scalar(sa.select(User.email).where(User.id == user.id))


def actions():
    db.session.rollback()
    return db.session.scalars(sa.select(AuditEntry.action)).all()


def press(page, path, password=PASSWORD):
    """Press the button behind the link, in a browser that isn't signed in."""
    return page.post(path, {"password": password})


def notified(emails):
    return [(email["To"], email["Subject"]) for email in emails]


def path_in(email):
    return re.search(
        r"http://127.0.0.1:8000(/email-change/\S+)", email.get_body(("plain",)).get_content()
    )[1]


@pytest.fixture
def asked(browser, emails, ana):
    """A request of Ana's to change her address: her browser, and the path of the link in the new
    mailbox.
    """
    page = browser(ana)
    ask(page)
    return page, path_in(emails()[0])


def test_the_new_address_is_confirmed_and_both_addresses_are_notified(browser, emails, ana):
    old = ana.email
    page = browser(ana)
    ask(page)
    assert "We’ve sent an email to ana@elsewhere.example.org." in page.text
    assert "ana@elsewhere.example.org is waiting to be confirmed" in page.text
    confirm, notice = emails()
    assert notified([confirm, notice]) == [
        (NEW, "Confirm your new email address"),
        (old, "Your email address is about to change"),
    ]
    assert address_of(ana) == old

    page.get(path_in(confirm))
    assert "Ana Souza" in page.text
    assert NEW in page.text
    assert address_of(ana) == old  # opening changes nothing, because email scanners do so too
    page.submit()

    assert "Your email address is now ana@elsewhere.example.org" in page.text
    assert address_of(ana) == NEW
    assert notified(emails()[2:]) == [
        (old, "Your email address was changed"),
        (NEW, "Your email address was changed"),
    ]
    assert {"email.asked", "email.changed"} <= set(actions())


def test_the_notice_to_the_old_address_masks_the_new_one(emails, asked):
    page, path = asked
    notice = emails()[1].get_body(("plain",)).get_content()
    assert "a…@elsewhere.example.org" in notice
    assert "/password/forgotten" in notice
    assert "/email-change/" not in notice
    page.get(path)
    page.submit()
    changed = emails()[2].get_body(("plain",)).get_content()
    assert "If that wasn’t you" in changed
    assert NEW not in notice + changed


def test_changing_the_address_keeps_handle_time_zone_and_password(browser, visitor, ana, asked):
    page, path = asked
    before = ana.handle, ana.zone, ana.id
    page.get(path)
    page.submit()
    db.session.refresh(ana)
    assert (ana.handle, ana.zone, ana.id, ana.is_verified) == (*before, True)
    db.session.rollback()

    assert (
        visitor.post(
            "/sign-in", {"name": "ana-souza@example.org", "password": PASSWORD}
        ).status_code
        == 422
    )
    assert visitor.post("/sign-in", {"name": NEW, "password": PASSWORD}).status_code == 303


def test_the_link_works_once_and_for_an_hour(visitor, asked, ana):
    _page, path = asked
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert visitor.get(path).status_code == 410
        assert press(visitor, path).status_code == 410
    assert address_of(ana) != NEW
    assert press(visitor, path).status_code == 303
    assert visitor.get(path).status_code == 404
    assert press(visitor, path).status_code == 404
    assert visitor.get(path[:-2] + "xx").status_code == 404


def test_confirming_with_the_password_needs_no_sign_in_and_ends_all_sign_ins(
    browser, visitor, asked, ana, signals
):
    page, path = asked
    elsewhere = browser(ana)
    visitor.get(path)
    visitor.submit(password=PASSWORD)

    assert visitor.path == "/sign-in?name=ana@elsewhere.example.org"
    assert [tab.get("/account").status_code for tab in (page, elsewhere)] == [303, 303]
    assert f"user:{ana.id}:rights" in signals


def test_the_browser_that_confirms_stays_signed_in(browser, asked, ana):
    page, path = asked
    elsewhere = browser(ana)
    page.get(path)
    page.submit()

    assert page.path == "/account/security"
    assert [tab.get("/account").status_code for tab in (page, elsewhere)] == [200, 303]


@pytest.mark.parametrize("taken", [True, False])
def test_the_response_is_the_same_for_taken_and_free_addresses(
    browser, ana, ben, taken, statements_of
):
    page = browser(ana)
    email = ben.email if taken else "nobody@example.org"
    page.get("/account/email")
    page.submit("/account/email", email=email)

    assert page.path == "/account/security"
    assert page.text.count(email) == 2
    assert f"{email} is waiting to be confirmed" in page.text


def test_the_work_is_the_same_for_taken_and_free_addresses(browser, ana, ben, statements_of):
    counts = []
    for email in (ben.email, "nobody@example.org"):
        page = browser(ana)
        token = page.csrf_token()
        fields = {"email": email, "csrf_token": token}
        ask = partial(page.post, "/account/email", fields, csrf=False)
        counts.append(statements_of(ask))
        email_addresses.withdraw(ana)
        db.session.commit()

    assert counts[0] == counts[1]


def test_the_holder_of_a_taken_address_is_notified_without_a_link(browser, emails, ana, ben):
    ask(browser(ana), ben.email)

    assert notified(emails()) == [
        (ben.email, "This email address already has an account"),
        (ana.email, "Your email address is about to change"),
    ]
    assert "/email-change/" not in emails()[0].as_string()
    assert "Ana" not in emails()[0].get_body(("plain",)).get_content()


def test_the_current_address_is_refused(browser, emails, ana):
    page = browser(ana)
    ask(page, ana.email.upper())

    assert page.answer.status_code == 422
    assert "That’s already your email address." in page.text
    assert emails() == []


@pytest.mark.parametrize(
    "email", ["", "ana", "ana@", "a@b\r\nBcc: c@example.org", "x" * 300 + "@example.org"]
)
def test_an_invalid_address_is_refused(browser, emails, ana, email):
    page = browser(ana)
    ask(page, email)

    assert page.answer.status_code == 422
    assert emails() == []


def test_a_second_request_cancels_the_first(browser, visitor, emails, asked, ana):
    page, first = asked
    ask(page, "third@example.org")

    assert visitor.get(first).status_code == 404
    assert "third@example.org is waiting to be confirmed" in page.text
    assert visitor.get(path_in(emails()[2])).status_code == 200


def test_requesting_the_same_address_again_sends_the_same_link(browser, emails, asked):
    page, first = asked
    page.get("/account/security")
    page.submit("/account/email")

    assert path_in(emails()[2]) == first


def test_an_address_change_can_be_cancelled(visitor, asked, ana):
    page, path = asked
    page.get("/account/security")
    page.submit("/account/email/withdrawal")

    assert "Your email address hasn’t changed." in page.text
    assert "is waiting to be confirmed" not in page.text
    assert visitor.get(path).status_code == 404
    assert "email.withdrawn" in actions()


def test_the_email_of_a_cancelled_change_is_not_sent(browser, emails, ana):
    page = browser(ana)
    ask(page)
    page.submit("/account/email/withdrawal")

    assert emails() == []


def test_a_new_password_cancels_the_address_change(visitor, asked, ana):
    _page, path = asked
    passwords.change(db.session.get(User, ana.id), ana.password_hash)
    db.session.commit()

    assert visitor.get(path).status_code == 404
    assert press(visitor, path).status_code == 404


def test_a_new_address_invalidates_password_reset_links(context, emailed, visitor, asked, ana):
    passwords.request_reset(ana.email)
    db.session.commit()
    reset = emailed.path("accounts/reset")
    assert visitor.get(reset).status_code == 200

    press(visitor, asked[1])

    assert visitor.get(reset).status_code == 404


def test_a_new_address_invalidates_unsubscribe_links(visitor, asked, ana):
    kind = notification_types.NOTIFICATION_TYPES["event.published"]
    before = unsubscribe.url(ana, kind).removeprefix("http://127.0.0.1:8000")
    assert visitor.get(before).status_code == 200
    press(visitor, asked[1])
    db.session.refresh(ana)
    after = unsubscribe.url(ana, kind).removeprefix("http://127.0.0.1:8000")
    db.session.rollback()

    assert visitor.get(after).status_code == 200
    assert visitor.get(before).status_code == 404


def test_an_unconfirmed_account_gives_up_its_address(browser, visitor, emails, ana):
    squatter = factories.user("Squat", "Ter", email=NEW, verified_at=None)
    verifications.send(squatter)
    db.session.commit()
    page = browser(ana)
    ask(page)
    path = next(
        path_in(email) for email in emails() if email["Subject"] == "Confirm your new email address"
    )

    assert press(visitor, path).status_code == 303

    assert address_of(ana) == NEW
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1
    assert "account.made_room" in actions()


def test_the_later_of_two_people_keeps_the_old_address_and_is_notified(
    browser, visitor, emails, ana, ben
):
    for person in (ana, ben):
        ask(browser(person), "shared@example.org")
    first, second = [
        path_in(email) for email in emails() if email["Subject"] == "Confirm your new email address"
    ]

    assert press(visitor, first).status_code == 303
    press(visitor, second)

    assert visitor.answer.status_code == 409
    assert "Yours hasn’t changed." in visitor.text
    assert (address_of(ana), address_of(ben)) == ("shared@example.org", "ben-okafor@example.org")
    sent = [
        email["To"] for email in emails() if email["Subject"] == "Your email address was changed"
    ]
    assert sorted(sent) == ["ana-souza@example.org", "shared@example.org"]


def test_a_deactivated_accounts_link_does_not_work(visitor, asked, ana):
    db.session.execute(sa.update(User).where(User.id == ana.id).values(deactivated_at=clock.now()))
    db.session.commit()

    assert press(visitor, asked[1]).status_code == 404


def test_emails_to_one_address_are_limited(browser, ana):
    page = browser(ana)
    answers = [
        page.post("/account/email", {"email": f"new{number}@example.org"}).status_code
        for number in range(6)
    ]

    assert answers == [303] * 5 + [429]  # each request also sends an email to the old address


def test_masking_keeps_the_first_letter_and_the_domain():
    assert email_addresses.mask("yuki@example.org") == "y…@example.org"


def test_conflicts_have_status_409():
    assert issubclass(Conflict, UserError)
    assert Conflict.status == 409


def test_other_browsers_are_signed_out_after_the_change(asked, browser, ana):
    _page, path = asked
    elsewhere = browser(ana)
    press(browser(), path)

    assert db.session.scalar(sa.select(sa.func.count(SignIn.id))) == 0
    elsewhere.get("/account")
    elsewhere.follow()
    assert "You’ve been signed out. It happened in another browser" in elsewhere.text


def enqueue_for(user, template="accounts/password_changed"):
    """Queue an email about the security of the account, and one about a vote."""
    outbox.enqueue_email(template, to=user.email, user=user.id)
    notify(
        [user],
        "vote.cancelled",
        "/votes/x",
        {"title": "Tea or coffee?", "reason": ""},
        email="notifications/notice",
    )
    db.session.commit()


def test_queued_emails_go_to_the_new_address_and_warnings_to_the_old(
    visitor, emails, asked, ana, ben
):
    preferences_all_at_once(ana, ben)
    old = ana.email
    enqueue_for(ana)
    enqueue_for(ben)

    assert press(visitor, asked[1]).status_code == 303

    assert sorted(notified(emails()[2:])) == sorted(
        [
            (old, "Your password was changed"),
            (NEW, "Vote cancelled: Tea or coffee?"),
            (ben.email, "Your password was changed"),
            (ben.email, "Vote cancelled: Tea or coffee?"),
            (old, "Your email address was changed"),
            (NEW, "Your email address was changed"),
        ]
    )


def preferences_all_at_once(*people):
    for person in people:
        preferences.choose(person, {"vote.cancelled": NOW})
    db.session.commit()


def test_a_retried_undelivered_email_goes_to_the_new_address(visitor, asked, ana):
    preferences_all_at_once(ana)
    enqueue_for(ana)
    db.session.execute(
        sa.update(OutgoingEmail)
        .where(OutgoingEmail.template == "notifications/notice")
        .values(state=DEAD)
    )
    db.session.commit()

    press(visitor, asked[1])

    assert (
        db.session.scalar(
            sa.select(OutgoingEmail.address).where(OutgoingEmail.template == "notifications/notice")
        )
        == NEW
    )


def test_a_browser_of_another_account_reads_whose_address_changed(browser, asked, ana, ben):
    _page, path = asked
    page = browser(ben)
    page.get(path)
    assert f"You’re signed in as {ben.name}, and this link is for another account" in page.text

    page.submit(password=PASSWORD)
    page.follow()

    assert f"{ana.name}’s email address is now {NEW}" in page.text
    assert f"You’re still signed in as {ben.name}" in page.text
    assert address_of(ana) == NEW
    page.get("/account")
    assert ben.name in page.text


def test_someone_else_who_gets_a_mistyped_confirmation_cannot_take_the_account(
    browser, visitor, asked, ana, ben
):
    """An address with a typo may belong to someone else, who could then take the account by
    resetting its password.
    """
    _page, path = asked
    stranger = browser(ben)
    for page in (visitor, stranger):
        page.get(path)
        assert "so enter its password" in page.text
        for password in ("", "wrong Horse 7 battery"):
            page.submit(password=password)
            assert page.answer.status_code == 422
            assert "wrong Horse" not in page.answer.text
    assert "That’s not the account’s password. Try again." in visitor.text
    assert address_of(ana) == "ana-souza@example.org"
    assert "password_check.failed" in actions()

    press(visitor, path)
    assert address_of(ana) == NEW


def test_password_attempts_on_the_link_count_with_sign_in_attempts(browser, visitor, asked, ana):
    _page, path = asked
    for _try in range(5):
        assert (
            visitor.post("/sign-in", {"name": "ana-souza", "password": "wrong"}).status_code == 422
        )

    assert (
        press(browser(), path).status_code == 422
    )  # the right password, but no more attempts are allowed on this account
    assert address_of(ana) == "ana-souza@example.org"
    others = browser()
    assert [press(others, path, "wrong").status_code for _try in range(5)] == [422] * 4 + [429]


def test_leaving_and_restoring_an_account_cancels_the_address_change(visitor, asked, ana):
    account_deletion.leave(db.session.get(User, ana.id))
    db.session.commit()
    assert visitor.get(asked[1]).status_code == 404
    account_deletion.restore(ana, account_deletion.restoration_proof(ana))
    db.session.commit()

    assert press(visitor, asked[1]).status_code == 404
    assert email_addresses.pending(ana) is None
