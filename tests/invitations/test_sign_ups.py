"""From an invitation through a new account into the group: in every sign-up mode, and in another
browser.
"""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.accounts.conftest import GOOD, someone
from webapp.accounts import reads, sign_ups
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups.models import MODERATOR
from webapp.invitations import accepting, invite_links
from webapp.invitations.models import GroupInvitation, InvitedSignUp
from webapp.notifications.models import Notification
from webapp.ops.retention import purge
from webapp.ops.retention.table import TABLE

from .conftest import path, role_of

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def mode(app, monkeypatch):
    """The site's sign-up mode."""
    return lambda name: monkeypatch.setitem(app.config, "SIGN_UP", name)


@pytest.fixture
def sign_up(browser):
    """A function in which someone signs up by the invitation, in their own browser."""

    def signed(row, **values):
        tab = browser()
        tab.get(path(row))
        tab.get(tab.page.find("a", string="Create an account")["href"])
        tab.submit(**{name: value for name, value in someone(**values).items() if name != "zone"})
        return tab

    return signed


def confirmed_by(tab, emails, address="yuki@example.org"):
    """Open the email's link in this browser and confirm; return the page that follows."""
    email = [
        email for email in emails() if email["To"] == address and "Confirm" in email["Subject"]
    ][-1]
    tab.get(re.search(r"(/verification/\S+)", email.get_body(("plain",)).get_content())[1])
    tab.submit()
    return tab


@pytest.mark.parametrize("name", ["open", "invitation"])
@pytest.mark.parametrize("kind", ["mail", "link"])
def test_an_invited_newcomer_joins_the_group_even_from_another_browser(
    browser, mode, group, invite, link, emails, sign_up, name, kind
):
    mode(name)
    row = {
        "mail": lambda: invite("yuki@example.org", role=MODERATOR),
        "link": lambda: link(role=MODERATOR),
    }[kind]()
    first = sign_up(row)
    assert "Check your inbox" in first.text
    assert role_of(group, reads.by_email("yuki@example.org")) is None

    other = browser()
    confirmed_by(other, emails)
    assert role_of(group, reads.by_email("yuki@example.org")) == MODERATOR
    other.submit("/sign-in", password=GOOD)
    assert other.path == f"/groups/{group.slug}"
    assert "Weir Keepers" in other.page.h1.get_text()
    assert db.session.scalars(sa.select(InvitedSignUp)).all() == []


def test_an_invited_sign_up_with_a_taken_address_changes_nothing(link, sign_up):
    """Neither with a confirmed address, nor with the address of an invited account that waits for
    approval.
    """
    first, second = link(), link(most=1)
    old = factories.user("Old", "Account")
    waits = factories.user("Yuki", "Waits", approved_at=None)
    db.session.add(InvitedSignUp(user_id=waits.id, invitation_id=first.id, user_nonce=waits.nonce))
    db.session.commit()

    for email in (old.email, waits.email):
        assert "Check your inbox" in sign_up(second, email=email).text

    kept = db.session.execute(sa.select(InvitedSignUp.user_id, InvitedSignUp.invitation_id)).all()
    assert [tuple(row) for row in kept] == [(waits.id, first.id)]


def test_the_confirmation_page_names_the_group(browser, invite, emails, sign_up):
    sign_up(invite("yuki@example.org"))
    (email,) = [email for email in emails() if "Confirm" in email["Subject"]]
    tab = browser()
    tab.get(re.search(r"(/verification/\S+)", email.get_body(("plain",)).get_content())[1])

    assert "Once you confirm your email address, you’ll be a member of Weir Keepers" in tab.text


def test_with_approval_invited_newcomers_join_the_group_once_approved(
    browser, mode, group, dia, invite, emails, sign_up
):
    mode("approval")
    sign_up(invite("yuki@example.org"))
    confirmed_by(browser(), emails)
    yuki = reads.by_email("yuki@example.org")
    assert (yuki.is_approved, role_of(group, yuki)) == (False, None)

    sign_ups.approve(yuki, by=dia)
    db.session.commit()
    assert role_of(group, yuki) == "member"


def test_an_invitation_only_site_accepts_as_many_accounts_as_invited(
    browser, mode, invite, emails, sign_up
):
    mode("invitation")
    row = invite("yuki@example.org")
    sign_up(row, email="slip@example.org", handle="slip")
    assert "Check your inbox" in sign_up(row).text

    assert reads.by_email("slip@example.org") is None, (
        "nobody had confirmed it: the second takes its place"
    )
    confirmed_by(browser(), emails)
    assert browser().get(path(row) + "/sign-up").status_code == 410
    assert (
        browser().post(path(row) + "/sign-up", someone(email="third@example.org")).status_code
        == 410
    )


@pytest.mark.parametrize("end", [invite_links.pause, invite_links.withdraw])
def test_a_sign_up_succeeds_if_its_invitation_ended_meanwhile(
    browser, ana, group, invite, emails, sign_up, end
):
    row = invite("yuki@example.org")
    sign_up(row)
    end(row, ana)
    db.session.commit()
    tab = confirmed_by(browser(), emails)
    tab.submit("/sign-in", password=GOOD)

    yuki = reads.by_email("yuki@example.org")
    assert tab.path == "/invitations"
    assert (yuki.is_verified, role_of(group, yuki)) == (True, None)
    labels = db.session.scalars(
        sa.select(Notification.label).where(Notification.user_id == yuki.id)
    ).all()
    assert labels == ["The invitation to Weir Keepers that you signed up with is no longer valid"]


def test_someone_elses_invited_sign_up_with_my_address_does_not_join_me(
    browser, group, link, emails, sign_up
):
    """Eve signs up with Yuki's address by her link; then Yuki signs up herself, and confirms."""
    sign_up(link(), first_name="Eve")
    tab = browser()
    tab.get("/sign-up")
    tab.submit(**{name: value for name, value in someone().items() if name != "zone"})
    confirmed_by(tab, emails)

    assert role_of(group, reads.by_email("yuki@example.org")) is None


def test_an_existing_account_is_notified_by_email_and_stays_invited(
    group, ben, invite, emails, sign_up
):
    row = invite("yuki@example.org")
    tab = sign_up(row, email=ben.email)

    assert "Check your inbox" in tab.text
    assert "You already have an account" in [email["Subject"] for email in emails()]
    db.session.refresh(row)
    assert (row.uses, role_of(group, ben)) == (0, None)


def test_signing_in_returns_to_the_invitation(browser, group, cem, link):
    tab = browser()
    tab.get(path(link()))
    tab.get(tab.page.find("main").find("a", string="Sign in")["href"])
    tab.submit("/sign-in", name=cem.handle, password=factories.PASSWORD)
    tab.submit("/acceptance")

    assert tab.path == f"/groups/{group.slug}"
    assert role_of(group, cem) == "member"


def test_newcomers_find_invitations_sent_before_they_signed_up(browser, group, invite, emails):
    invite("yuki@example.org")
    tab = browser()
    tab.get("/sign-up")
    tab.submit(**{name: value for name, value in someone().items() if name != "zone"})
    confirmed_by(tab, emails)

    assert tab.path == "/invitations"
    tab.submit("/acceptance")
    assert role_of(group, reads.by_email("yuki@example.org")) == "member"


def test_an_unconfirmed_account_returns_its_use_of_the_link(group, link, sign_up):
    row = link(most=1)
    sign_up(row)
    assert len(db.session.scalars(sa.select(InvitedSignUp)).all()) == 1
    with time_machine.travel(
        clock.now() + sign_ups.UNVERIFIED_FOR + timedelta(hours=1), tick=False
    ):
        purge.carry_out(next(line for line in TABLE if line.key == "unconfirmed"))
        db.session.commit()

    assert db.session.scalars(sa.select(InvitedSignUp)).all() == []
    accepting.accept(db.session.scalars(sa.select(GroupInvitation)).one(), factories.user())
