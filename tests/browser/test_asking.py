"""Approval of attendees: a host turns it on, someone requests a seat, is approved, and asks for
more seats than are free.
"""

import re

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = pytest.mark.browser


def asks_before(host, event):
    """Give the event a ticket kind with one place, one without a limit, a required question, and
    approval by hosts.
    """
    host.visit(f"{event}/manage/tickets")
    steps.fill(host, Name="Full")
    steps.press(host, "Add ticket type")
    steps.fill(host, Name="Reduced", Capacity="1")
    steps.press(host, "Add ticket type")
    expect(host.page.get_by_role("cell", name="0 of 1")).to_be_visible()
    host.visit(f"{event}/manage/questions")
    steps.fill(host, Question="What do you not eat?")
    host.page.get_by_role("radio", name="Long text").check(force=True)
    host.page.get_by_label("Required").check()
    steps.press(host, "Add question")
    host.visit(f"{event}/edit")
    host.page.get_by_label("Require host approval").check(force=True)
    host.page.get_by_label("Plus-ones").select_option("2")
    steps.press(host, "Save changes")


def test_a_request_is_approved_and_a_later_plus_one_joins_the_waiting_list(small_site, people):
    ana, ben, cem = (people(small_site, name) for name in ("Ana Souza", "Ben Okafor", "Cem Yilmaz"))
    for person in (ana, ben, cem):
        steps.become_a_member_of_the_site(person)
    event = steps.publish_event(
        ana, steps.make_group(ana, f"Rowers of {ana.handle}"), f"Row of {ana.handle}", seats=2
    )
    asks_before(ana, event)

    ben.visit(event)
    steps.press(ben, "Request to join")
    expect(ben.page.get_by_role("alert")).to_contain_text("Choose a ticket type.")
    ben.page.get_by_role("radio", name=re.compile("^Reduced")).check(force=True)
    steps.fill(ben, What_do_you_not_eat="Eels")
    steps.answer(cem, event, "Maybe")  # what Ben has typed stays when the page fetches updates
    expect(steps.status(cem, "You answered “Maybe”")).to_be_visible()
    expect(ben.page.get_by_label("What do you not eat?")).to_have_value("Eels")
    steps.press(ben, "Request to join")
    expect(steps.status(ben, "You’ve asked to join")).to_be_visible()

    ana.visit(f"{event}/manage/approvals")
    expect(ana.page.get_by_text("Eels")).to_be_visible()
    steps.press(ana, re.compile("^Approve.*Ben"))
    steps.see(ben, steps.status(ben, "You’re going"))

    ben.page.get_by_role("radio", name=re.compile("^Full")).check(force=True)
    expect(ben.page.get_by_label("Plus-ones").get_by_role("option")).to_have_count(
        2
    )  # as many as there are seats
    ana.visit(f"{event}/manage/answers")
    steps.fill(ana, Who=cem.handle)
    ana.page.get_by_role("radio", name=re.compile("^Full")).check(force=True)
    steps.press(ana, "Answer for them")
    steps.see(cem, steps.status(cem, "You’re going"))
    ben.page.get_by_label("Plus-ones").select_option("2")
    ben.page.get_by_label("If we don’t all fit").check()
    steps.press(ben, re.compile("^Send"))
    steps.see(ben, ben.page.get_by_text("1 of your plus-ones is on the waiting list, at number 1."))
    assert [person.complaints for person in (ana, cem)] == [[], []]
    assert all("422" in complaint for complaint in ben.complaints)
