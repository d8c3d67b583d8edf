"""A guest does everything by links, without an account and without scripts; then signs up and keeps
it all.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from . import steps
from .mailboxes import link_in

pytestmark = pytest.mark.browser


def guest_path(guest, site, containing):
    email = site.mailbox.await_email(guest.email, containing=containing)
    return "/".join(
        urlsplit(link_in(email, "/guests/")).path.split("/")[:4]
    )  # not to the ticket, nor to the deletion


def choose(guest, words):
    guest.page.get_by_role("radiogroup", name="Your answer").get_by_text(words, exact=True).click()
    guest.page.locator("#rsvp-send").click()


def test_a_guest_can_answer_wait_get_a_seat_and_later_sign_up(  # noqa: E501
    small_site, people
):
    site = small_site
    ana, gil = people(site, "Ana Souza"), people(site, "Gil Moreau", javascript=False)
    steps.become_a_member_of_the_site(ana)
    event = steps.publish_event(
        ana, steps.make_group(ana, f"Eels of {ana.handle}"), f"Eel count of {ana.handle}", seats=1
    )
    steps.answer(ana, event, "Going")
    expect(steps.status(ana, "You’re going")).to_be_visible()

    gil.visit(event)
    gil.page.get_by_role("link", name="Answer without an account").click()
    steps.fill(gil, Your_name="Gil Moreau", Email_address=gil.email)
    steps.press(gil, "Email me the link")
    steps.expect_heading(gil, "Check your inbox")
    gil.visit(guest_path(gil, site, "One more step"))
    expect(gil.page.get_by_text("You don’t have a seat yet")).to_be_visible()
    choose(gil, "Going")
    expect(steps.status(gil, "You’re number 1 on the waiting list")).to_be_visible()

    steps.answer(ana, event, "Can’t go")
    expect(steps.status(ana, "You’re not going")).to_be_visible()
    gil.visit(guest_path(gil, site, "You have a seat"))
    expect(steps.status(gil, "You’re going")).to_be_visible()

    gil.visit(f"{event}/guest/link")
    steps.fill(gil, Email_address=gil.email)
    steps.press(gil, "Email me a link")
    gil.visit(guest_path(gil, site, "Your own page"))
    choose(gil, "Maybe")
    expect(steps.status(gil, "You answered “Maybe”")).to_be_visible()

    steps.become_a_member_of_the_site(gil)
    gil.visit(event)
    expect(steps.status(gil, "You answered “Maybe”")).to_be_visible()
    assert [person.complaints for person in (ana, gil)] == [[], []]
