"""A day of an admin: approves someone, warns them, announces something, closes an account, reopens
it, and finds it all in the audit log.
"""

import re

import pytest
from playwright.sync_api import expect

from . import servers, steps
from .people import PASSWORD

pytestmark = pytest.mark.browser

RESTS = "On Saturday the site rests from two to four."


@pytest.fixture
def approving(tmp_path):
    """A small site that requires approval of new accounts."""
    with servers.small(tmp_path, SIGN_UP="approval") as site:
        yield site


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_an_admin_can_do_a_days_work(approving, people, javascript):
    ingrid, yuki = (
        people(approving, name, javascript=javascript) for name in ("Ingrid Solheim", "Yuki Tanaka")
    )
    looks_after(approving, ingrid)
    steps.sign_up(yuki)
    steps.follow_emailed_link(yuki)

    lets_in(ingrid, yuki)
    steps.sign_in(yuki)
    answers_a_report(ingrid, yuki)
    announces(ingrid, yuki)
    closes_and_opens(ingrid, yuki)
    finds_it_in_the_log(ingrid)
    assert [person.complaints for person in (ingrid, yuki)] == [[], []]


def looks_after(site, ingrid):
    names = [
        "--first-name",
        ingrid.first_name,
        "--last-name",
        ingrid.last_name,
        "--handle",
        ingrid.handle,
    ]
    site.flask("create-admin", "--email", ingrid.email, "--password", PASSWORD, *names)
    steps.sign_in(ingrid)


def goes_to(ingrid, place):
    """Go there by the navigation of these pages."""
    ingrid.page.get_by_role("navigation", name="Site admin").get_by_role(
        "link", name=place, exact=True
    ).click()


def lets_in(ingrid, yuki):
    site = yuki.site
    site.mailbox.await_email(ingrid.email, containing=yuki.name)
    ingrid.visit("/account")
    ingrid.page.get_by_role("main").get_by_role("link", name="Site admin").click()
    ingrid.page.get_by_role("link", name=re.compile("Sign-ups? to approve")).click()
    steps.press(ingrid, re.compile(f"^Approve.*{yuki.name}"))
    expect(ingrid.page.get_by_role("heading", name="No one is waiting")).to_be_visible()
    expect(ingrid.page.locator("#messages")).to_have_text(
        f"{yuki.name} was approved. We’ll email them."
    )
    site.mailbox.await_email(yuki.email, containing="approved your account")


def answers_a_report(ingrid, yuki):
    ingrid.visit("/admin/people")
    steps.fill(ingrid, Name=yuki.handle)
    if not ingrid.javascript:
        steps.press(ingrid, "Search")
    expect(ingrid.page.locator("#people").get_by_role("listitem")).to_have_count(1)
    ingrid.page.get_by_role("link", name=yuki.name).click()
    steps.expect_heading(ingrid, yuki.name)
    ingrid.page.get_by_role("link", name="Warn or close account").click()
    decides(ingrid, "Warn", "Eleven letters in a day are too many.")
    goes_to(ingrid, "Reports")
    ingrid.page.get_by_role("link", name="Decided").click()
    expect(ingrid.page.get_by_role("link", name=yuki.name)).to_be_visible()
    yuki.site.mailbox.await_email(yuki.email, containing="Eleven letters in a day are too many.")


def announces(ingrid, yuki):
    goes_to(ingrid, "Announcement")
    steps.fill(ingrid, Message=RESTS)
    steps.press(ingrid, "Publish")
    expect(ingrid.page.get_by_text("Announcement published.")).to_be_visible()
    yuki.visit("/events")
    said = yuki.page.get_by_role("complementary", name="Announcement")
    expect(said).to_contain_text(RESTS)
    steps.press(yuki, re.compile("^Dismiss"), within=said)
    expect(said).to_have_count(0)
    yuki.visit("/groups")
    expect(said).to_have_count(0)
    ingrid.page.get_by_role("link", name="End announcement").click()
    steps.press(ingrid, "End announcement")
    expect(ingrid.page.get_by_text("Announcement ended.")).to_be_visible()


def closes_and_opens(ingrid, yuki):
    ingrid.visit(f"/admin/people/{yuki.handle}")
    ingrid.page.get_by_role("link", name="Warn or close account").click()
    decides(ingrid, "Close account", "It went on.")
    if yuki.javascript:  # their open page is notified, and becomes a visitor's by itself
        expect(yuki.page.get_by_text("You’ve been signed out")).to_be_visible()
    yuki.page.goto("/account")
    steps.expect_heading(yuki, "Sign in")

    ingrid.visit(f"/admin/people/{yuki.handle}")
    expect(ingrid.page.get_by_text("Closed", exact=True).first).to_be_visible()
    ingrid.page.get_by_role("link", name="Reopen").click()
    ingrid.page.get_by_role("radio", name="Lift decision").check()
    steps.fill(ingrid, Your_reason="We have talked about it.")
    steps.press(ingrid, "Save decision")
    expect(
        ingrid.page.get_by_text("Decision saved. We’ll tell the person it’s about.")
    ).to_be_visible()
    steps.sign_in(yuki)


def decides(ingrid, act, reason):
    ingrid.page.get_by_role("radio", name=act).check()
    ingrid.page.get_by_label("Rule broken").select_option("spam")
    steps.fill(ingrid, Your_reason=reason)
    steps.press(ingrid, "Save decision")
    expect(
        ingrid.page.get_by_text("Decision saved. We’ll tell the person it’s about.")
    ).to_be_visible()


def finds_it_in_the_log(ingrid):
    goes_to(ingrid, "Audit log")
    ingrid.page.get_by_label("Action", exact=True).select_option("account")
    if not ingrid.javascript:
        steps.press(ingrid, "Search")
    lines = ingrid.page.locator("#audit").get_by_role("listitem")
    expect(lines).to_have_count(4)
    expect(lines.first).to_contain_text("Account reopened")
    expect(lines.nth(1)).to_contain_text("Account closed")
    expect(lines.nth(2)).to_contain_text("Account approved")
