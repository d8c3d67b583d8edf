"""A whole evening: its agenda, check-in by code, by camera and by name, a task, pictures, thanks,
and feedback.
"""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import forms, steps, test_helping as board
from .pages.looking import axe, sideways
from .test_event_files import SENT

pytestmark = pytest.mark.browser

#: Chromium can't read codes on Linux: this replaces its detector by one that is told what it sees.
CAMERA = """
window.BarcodeDetector = class { async detect() { return window.seen ? [{rawValue: window.seen}] : []; } };
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
"""  # noqa: E501


@pytest.mark.parametrize(
    "javascript", [True, pytest.param(False, marks=pytest.mark.deep)], ids=["scripts", "no scripts"]
)
def test_an_event_works_from_agenda_and_check_in_to_feedback(small_site, people, javascript):
    names = ("Ana Souza", "Ben Okafor", "Cem Yilmaz")
    ana, ben, cem = (
        people(small_site, name, javascript=javascript, reduced_motion="reduce") for name in names
    )
    for person in (ana, ben, cem):
        steps.become_a_member_of_the_site(person)
    event = planned(ana)
    for person in (ben, cem):
        forms.send(person, event, answer="going")

    ben.visit(event)
    ben.page.get_by_role("link", name="View agenda").click()
    ben.page.get_by_role("link", name="Glass eels").click()
    steps.press(ben, "Take a seat")
    expect(steps.status(ben, "It’s on your agenda")).to_be_visible()

    checked_in(ana, ben, event)
    done_together(ana, ben, event)
    is_over(small_site, event)
    shown_in_pictures(ana, ben, event)
    thanked(ana, event)
    small_site.mailbox.await_email(ben.email, containing="Thank you")
    said(ben, event)
    ana.visit(f"{event}/manage/feedback")
    expect(ana.page.get_by_text("4.0 out of 5 · 1 rating")).to_be_visible()
    expect(ana.page.get_by_text("The lamps.")).to_be_visible()
    assert (
        [complaint for complaint in ana.complaints if "409" not in complaint]
        == ben.complaints
        == []
    )


def planned(host):
    """Create an event that begins in two hours, with a session for one person, and a task."""
    starts = datetime.now(UTC) + timedelta(hours=2)
    first, last = steps.wall(starts), steps.wall(starts + timedelta(hours=1))
    group = steps.make_group(host, f"Weir of {host.handle}").rpartition("/")[2]
    times = {"starts": first, "ends": steps.wall(starts + timedelta(hours=2))}
    event = forms.send(
        host,
        f"/events/new?group={group}",
        "Publish",
        title="Eel count",
        capacity="5",
        zone="UTC",
        **times,
    )
    session = {"title": "Glass eels", "starts": first, "ends": last, "capacity": "1"}
    forms.send(host, f"{event}/manage/agenda/new", "Add session", **session)
    forms.send(host, f"{event}/manage/agenda", "Publish agenda")
    forms.send(host, f"{event}/manage/tasks", "Add task", title="Light the lamps")
    return event


def checked_in(ana, ben, event):
    """Check Ben in by his ticket's code, which counts once, Cem by name, and one of them by
    camera.
    """
    ticket = ticket_of(ben, event)
    ana.context.add_init_script(CAMERA)
    ana.visit(f"{event}/manage/check-in")
    code = ana.page.get_by_label("Ticket code")
    type_code(ana, ticket.lower().replace("-", " "))
    expect(ana.page.get_by_role("status").get_by_text("Ben Okafor is checked in")).to_be_visible()
    if ana.javascript:
        expect(code).to_be_focused()
        assert [*axe(ana.page), *sideways(ana.page)] == []
    type_code(ana, ticket)
    expect(
        ana.page.get_by_role("alert").get_by_text("Ben Okafor is already checked in")
    ).to_be_visible()
    ana.page.get_by_label("Name", exact=True).fill("yilmaz")
    ana.page.get_by_label("Name", exact=True).press("Enter")
    steps.press(ana, re.compile("^Check in"), ana.page.locator("#check-in-found"))
    expect(ana.page.get_by_role("status").get_by_text("Cem Yilmaz is checked in")).to_be_visible()
    steps.see(ana, ana.page.get_by_role("img", name="2 of 2 people arrived, 2 inside now"))
    if ana.javascript:
        type_code(ana, ticket)
        expect(
            ana.page.get_by_role("alert").get_by_text("Ben Okafor is already checked in")
        ).to_be_visible()
        undo(ana)
        read_by_the_camera(ana, ticket)


def done_together(ana, ben, event):
    """Ben takes the task and does it, while Ana watches the board."""
    ana.visit(f"{event}/manage/tasks")
    ben.visit(f"{event}/help")
    for words in ("Take task", "Start", "Done"):
        board.press(ben, words, "Light the lamps")
    steps.see(ana, board.card(ana, "Light the lamps", "Done"))


def shown_in_pictures(ana, ben, event):
    """Ana uploads two pictures, and Ben looks at them."""
    ana.visit(f"{event}/files/new")
    ana.page.get_by_label("Pictures and files").set_input_files(
        [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in SENT[:2]]
    )
    steps.press(ana, "Upload")
    expect(ana.page.locator(".gallery img")).to_have_count(2)
    ben.visit(event)
    ben.page.get_by_role("link", name="All 2 pictures").click()
    expect(ben.page.locator(".gallery img")).to_have_count(2)


def thanked(ana, event):
    """Send Ana's thanks to attendees by email: previewed, sent once, with the progress shown."""
    ana.visit(f"{event}/manage/attendees")
    expect(ana.page.get_by_role("row", name="Ben Okafor")).to_be_visible()
    ana.page.get_by_role("link", name="Message these people").click()
    steps.expect_heading(ana, "Write a message")
    steps.fill(ana, Subject="Thank you", Your_message="What a **night**.")
    steps.press(ana, "Preview")
    expect(ana.page.locator("strong", has_text="night")).to_be_visible()
    if ana.javascript:
        assert [*axe(ana.page), *sideways(ana.page)] == []
    steps.press(ana, "Send to 2 people")
    steps.expect_heading(ana, "Messages")
    steps.see(
        ana, ana.page.get_by_role("article", name="Thank you").get_by_text("Sent to 2 people")
    )


def said(ben, event):
    """Give Ben's feedback."""
    ben.visit(event)
    ben.page.get_by_role("link", name="Give feedback").click()
    ben.page.get_by_label("4 stars").check(force=True)
    steps.fill(ben, Comment="The lamps.")
    steps.press(ben, "Give feedback")
    expect(ben.page.get_by_text("Thank you for your feedback.")).to_be_visible()


def ticket_of(person, event):
    """Return the code on the person's ticket."""
    person.visit(event)
    person.page.get_by_role("link", name="Your ticket").click()
    expect(person.page.get_by_role("img", name="Ticket code to scan")).to_be_visible()
    return person.page.locator(".ticket .code").inner_text().removeprefix("Code:").strip()


def type_code(host, code):
    host.page.get_by_label("Ticket code").fill(code)
    host.page.get_by_label("Ticket code").press("Enter")


def undo(host):
    """Undo Ben's check-in."""
    steps.press(host, re.compile("^Undo: one checked in"))
    expect(host.page.get_by_text("Ben Okafor isn’t checked in")).to_be_visible()


def read_by_the_camera(host, code):
    """Let the camera see the ticket once, and then nothing."""
    host.page.evaluate("code => { window.seen = `http://elsewhere.example/door#${code}`; }", code)
    steps.press(host, "Scan with camera")
    expect(host.page.get_by_role("status").get_by_text("Ben Okafor is checked in")).to_be_visible()
    host.page.evaluate("() => { window.seen = ''; }")
    steps.press(host, "Stop camera")


def is_over(site, event):
    """Move the end of the event to an hour ago."""
    hours = (
        "starts_at = datetime('now', '-3 hours') || '.000000', ends_at = datetime('now', '-1 "
        "hours') || '.000000'"
    )
    with sqlite3.connect(Path(site.settings["INSTANCE"]) / "folkmoot.db", timeout=20) as database:
        changed = database.execute(
            f"UPDATE event SET {hours} WHERE slug = ?", (event.rpartition("/")[2],)
        )  # noqa: S608
        assert changed.rowcount == 1
