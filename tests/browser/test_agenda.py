"""An agenda: planned with a named clash, shown, chosen from, with a waiting list, and two sessions
at once.
"""

import re

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "javascript", [True, pytest.param(False, marks=pytest.mark.deep)], ids=["scripts", "no scripts"]
)
def test_an_agenda_can_be_planned_shown_and_chosen_from(small_site, people, javascript):
    ana, ben, cem = (
        people(small_site, name, javascript=javascript)
        for name in ("Ana Souza", "Ben Okafor", "Cem Yilmaz")
    )
    for person in (ana, ben, cem):
        steps.become_a_member_of_the_site(person)
    event = steps.publish_event(
        ana,
        steps.make_group(ana, f"Weavers of {ana.handle}"),
        f"Willow day of {ana.handle}",
        seats=9,
    )
    for person in (ben, cem):
        steps.answer(person, event, "Going")
        expect(steps.status(person, "You’re going")).to_be_visible()

    ana.visit(f"{event}/manage/rooms")
    steps.fill(ana, Room_name="Barn")
    steps.press(ana, "Add room")
    plan(ana, event, "Baskets", seats="1")
    plan(ana, event, "Hurdles")
    expect(ana.page.get_by_role("alert")).to_contain_text("“Baskets” is in Barn at that time")
    ana.page.get_by_label("Room").select_option(label="None yet")
    steps.press(ana, "Add session")
    steps.press(ana, "Publish agenda")
    expect(
        ana.page.get_by_text("Agenda published. Anyone who can see the event can see it.")
    ).to_be_visible()

    choose(ben, event, "Baskets", "Take a seat")
    expect(steps.status(ben, "It’s on your agenda")).to_be_visible()
    choose(cem, event, "Baskets", "Join waiting list")
    expect(steps.status(cem, "You’re number 1 on the waiting list")).to_be_visible()
    steps.press(ben, "Remove from my agenda")
    steps.see(cem, steps.status(cem, "It’s on your agenda"))
    small_site.mailbox.await_email(cem.email, containing="You have a seat: Baskets")

    choose(cem, event, "Hurdles", "Add to my agenda")
    expect(cem.page.get_by_text("Overlaps", exact=True)).to_be_visible()
    cem.page.get_by_role("link", name="My agenda").click()
    expect(cem.page.get_by_text("1 overlap in your agenda")).to_be_visible()
    assert [person.complaints for person in (ben, cem)] == [[], []]
    assert all("422" in complaint for complaint in ana.complaints)


def plan(host, event, title, seats=""):
    """Submit the form for a session in the event's first hour in the barn."""
    host.visit(f"{event}/manage/agenda/new")
    starts = host.page.get_by_label("Starts").input_value()
    steps.fill(
        host,
        Title=title,
        Ends=starts[:14] + "30" if starts[14:] < "30" else starts[:14] + "59",
        Seats=seats,
    )
    host.page.get_by_label("Room").select_option(label="Barn")
    steps.press(host, "Add session")


def choose(person, event, title, button):
    """Find the session on the agenda, and press its button."""
    person.visit(f"{event}/agenda")
    person.page.get_by_role("link", name=title).click()
    steps.press(person, re.compile(f"^{button}$"))
