"""Joining a group by invitation: a stranger by email, who opens the second email elsewhere; someone
with an account, by a link.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from . import steps
from .mailboxes import link_in
from .pages.looking import axe, sideways
from .people import PASSWORD

pytestmark = pytest.mark.browser


def look_after(person, group, place):
    """Go to one of the organizers' pages."""
    person.visit(group)
    person.page.get_by_role("link", name="Manage group").click()
    person.page.get_by_role("navigation", name="Manage").get_by_role("link", name=place).click()
    steps.expect_heading(person, place)


def invite(person, group, addresses):
    """Send invitations after checking the preview page, whose HTML must be valid."""
    look_after(person, group, "Invitations")
    person.page.get_by_role("main").get_by_role("link", name="Invite by email").first.click()
    steps.fill(person, Email_addresses=addresses, Personal_message="Come on Saturday.")
    steps.press(person, "Check the list")
    steps.expect_heading(person, "Check the list")
    if person.javascript:
        assert [*axe(person.page), *sideways(person.page)] == []
    with person.page.expect_navigation():  # so that later steps don't run into this navigation
        steps.press(person, "Send invitation")
    steps.expect_heading(person, "Invitations")


def make_link(person, group):
    """Create a link; return its path."""
    look_after(person, group, "Invitations")
    person.page.get_by_role("link", name="Create link").click()
    steps.fill(person, Number_of_people="1")
    steps.press(person, "Create link")
    return urlsplit(person.page.get_by_label("The link").input_value()).path


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_people_join_by_email_invitation_and_by_link(site, people, javascript):
    ana = people(site, "Ana Souza", javascript=javascript, reduced_motion="reduce")
    gil, cem = (people(site, name, javascript=javascript) for name in ("Gil Moreau", "Cem Yılmaz"))
    phone = people(site, "Gil Moreau", javascript=javascript, handle=gil.handle)
    for person in (ana, cem):
        steps.become_a_member_of_the_site(person)
    name = f"Weir of {ana.handle}"
    group = steps.make_group(ana, name)

    invite(ana, group, f"Gil <{gil.email}>, nobody, {gil.email}")
    email = site.mailbox.await_email(gil.email, containing="/invitations/")
    steps.see(ana, ana.page.get_by_role("row", name=gil.email).get_by_text("Sent", exact=True))
    gil.visit(urlsplit(link_in(email, "/invitations/")).path)
    steps.expect_heading(gil, name)
    assert gil.context.cookies() == []
    steps.sign_up(gil, gil.page.get_by_role("link", name="Create an account").get_attribute("href"))
    steps.follow_emailed_link(phone)
    steps.fill(phone, Password=PASSWORD)
    steps.press(phone, "Sign in")
    steps.expect_heading(phone, name)
    expect(phone.page.get_by_role("button", name="Membership options")).to_be_visible()
    steps.see(ana, ana.page.get_by_role("row", name=gil.email).get_by_text("Accepted"))

    link = make_link(ana, group)
    cem.page.context.clear_cookies()
    cem.visit(link)
    cem.page.get_by_role("main").get_by_role("link", name="Sign in").click()
    steps.fill(cem, Email_address_or_handle=cem.handle, Password=PASSWORD)
    steps.press(cem, "Sign in")
    steps.expect_heading(cem, name)
    steps.press(cem, "Join group")
    expect(cem.page.get_by_role("button", name="Membership options")).to_be_visible()
    late = people(site, "Too late", javascript=javascript)
    assert late.page.goto(link).status == 410
    assert [person.complaints for person in (ana, gil, phone, cem)] == [[], [], [], []]


@pytest.mark.deep
def test_providers_and_people_can_opt_out_with_one_press(small_site, people):
    ana = people(small_site, "Ana Souza", reduced_motion="reduce")
    steps.become_a_member_of_the_site(ana)
    group, stranger = (
        steps.make_group(ana, f"Ferry of {ana.handle}"),
        people(small_site, "Hal Stranger", javascript=False),
    )
    invite(ana, group, stranger.email)
    way_out = small_site.mailbox.await_email(stranger.email, containing="invited to a group")[
        "List-Unsubscribe"
    ].strip("<>")

    stranger.visit(urlsplit(way_out).path)
    steps.press(stranger, "Never again")
    steps.expect_heading(stranger, "No more invitations")
    assert stranger.context.cookies() == []
    other, ina = steps.make_group(ana, f"Mill of {ana.handle}"), people(small_site, "Ina Waits")
    invite(ana, other, stranger.email)
    steps.see(ana, ana.page.get_by_role("row", name=stranger.email).get_by_text("Sent", exact=True))
    invite(ana, group, ina.email)
    small_site.mailbox.await_email(ina.email, containing="invited you")
    assert (
        len([email for email in small_site.mailbox.emails() if email["To"] == stranger.email]) == 1
    )
    assert ana.complaints == stranger.complaints == []
