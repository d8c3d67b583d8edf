"""The evening itself: tickets at the door, by code, by camera and by name; and afterwards, how it was."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import steps
from .pages.looking import axe, sideways

pytestmark = pytest.mark.browser

#: Chromium reads no codes on Linux: a browser that can is told what it sees.
CAMERA = """
window.BarcodeDetector = class { async detect() { return window.seen ? [{rawValue: window.seen}] : []; } };
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
"""


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.deep)], ids=["scripts", "no scripts"])
def test_people_are_let_in_and_say_how_it_was(small_site, people, javascript):
    ana, ben = (people(small_site, name, javascript=javascript, reduced_motion="reduce") for name in ("Ana Souza", "Ben Okafor"))
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    event = steps.publish_event(ana, steps.make_group(ana, f"Weir of {ana.handle}"), "Eel count", seats=5)
    steps.answer(ben, event, "Going")
    expect(steps.standing(ben, "You are going")).to_be_visible()
    begins_in_two_hours(ana, event)
    ticket = ticket_of(ben, event)

    ana.context.add_init_script(CAMERA)
    ana.visit(f"{event}/manage/check-in")
    code = ana.page.get_by_label("Ticket code")
    type_code(ana, ticket.lower().replace("-", " "))
    expect(ana.page.get_by_role("status").get_by_text("Ben Okafor is in")).to_be_visible()
    if javascript:
        expect(code).to_be_focused()
        assert [*axe(ana.page), *sideways(ana.page)] == []
    type_code(ana, ticket)
    expect(ana.page.get_by_role("alert").get_by_text("Ben Okafor is in already")).to_be_visible()

    take_back(ana)
    ana.page.get_by_label("Name", exact=True).fill("okafor")
    ana.page.get_by_label("Name", exact=True).press("Enter")
    steps.press(ana, re.compile("^Let in"), ana.page.locator("#door-found"))
    expect(ana.page.get_by_role("status").get_by_text("Ben Okafor is in")).to_be_visible()
    steps.see(ana, ana.page.get_by_role("img", name="1 of 1 person came, 1 is inside now"))
    if javascript:
        expect(ana.page.locator("#door-found").get_by_text("In since")).to_be_visible()
        take_back(ana)
        read_by_the_camera(ana, ticket)

    is_over(small_site, event)
    ben.visit(event)
    ben.page.get_by_role("link", name="Say how it was").click()
    ben.page.get_by_label("4 stars").check(force=True)
    steps.fill(ben, What_was_good="The lamps.")
    steps.press(ben, "Say how it was")
    expect(ben.page.get_by_text("Thank you. The hosts read it.")).to_be_visible()
    ana.visit(f"{event}/manage/feedback")
    expect(ana.page.get_by_text("4.0 of 5 stars, from one person")).to_be_visible()
    expect(ana.page.get_by_text("The lamps.")).to_be_visible()
    assert [complaint for complaint in ana.complaints if "409" not in complaint] == ben.complaints == []


def begins_in_two_hours(host, event):
    starts = datetime.now(UTC) + timedelta(hours=2)
    host.visit(f"{event}/edit")
    steps.fill(host, Starts=steps.wall(starts), Ends=steps.wall(starts + timedelta(hours=2)))
    steps.press(host, "Save changes")
    steps.expect_heading(host, "Eel count")


def ticket_of(person, event):
    """The code that stands on their ticket."""
    person.visit(event)
    person.page.get_by_role("link", name="Your ticket").click()
    expect(person.page.get_by_role("img", name="The code of this ticket, for cameras")).to_be_visible()
    return person.page.locator(".ticket .code").inner_text().removeprefix("Code:").strip()


def type_code(host, code):
    host.page.get_by_label("Ticket code").fill(code)
    host.page.get_by_label("Ticket code").press("Enter")


def take_back(host):
    """That Ben was let in was a mistake."""
    steps.press(host, re.compile("^Undo: one let in"))
    expect(host.page.get_by_text("Ben Okafor is not in")).to_be_visible()


def read_by_the_camera(host, code):
    """The camera sees the ticket, once, and then nothing."""
    host.page.evaluate("code => { window.seen = `http://elsewhere.example/door#${code}`; }", code)
    steps.press(host, "Scan with the camera")
    expect(host.page.get_by_role("status").get_by_text("Ben Okafor is in")).to_be_visible()
    host.page.evaluate("() => { window.seen = ''; }")
    steps.press(host, "Stop the camera")


def is_over(site, event):
    """The event ended an hour ago."""
    hours = "starts_at = datetime('now', '-3 hours') || '.000000', ends_at = datetime('now', '-1 hours') || '.000000'"
    with sqlite3.connect(Path(site.settings["INSTANCE"]) / "folkmoot.db", timeout=20) as database:
        changed = database.execute(f"UPDATE event SET {hours} WHERE slug = ?", (event.rpartition("/")[2],))  # noqa: S608
        assert changed.rowcount == 1
