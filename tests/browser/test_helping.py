"""Tasks and shifts: planned, dragged, moved by keyboard and by plain buttons, and claimed while
someone else watches.
"""

import re

import pytest
from playwright.sync_api import Locator, expect

from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.small]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_tasks_and_shifts_can_be_planned_claimed_and_done(site, group_of, javascript):
    ana, ben, group = group_of(site, javascript, "Eel counters")
    event = steps.publish_event(ana, group, f"Eel count of {ana.handle}", seats=5)
    plan(ana, event, "Bring lamps", "Bring nets", "Cook soup")
    steps.answer(ben, event, "Going")
    expect(steps.status(ben, "You’re going")).to_be_visible()

    ana.visit(f"{event}/manage/tasks")
    by_keyboard(ana, "Bring lamps")
    ben.visit(f"{event}/help")
    if javascript:
        steps.fill(ana, Task="Half a thought")
        drag(ana, card(ana, "Cook soup"), card(ana, "Bring nets"))
        expect(column(ana, "To do").locator(".task")).to_have_text(
            [re.compile("Cook soup"), re.compile("Bring nets")]
        )
        steps.see(ben, column(ben, "To do").locator(".task", has_text="Cook soup").first)
        drag(ana, card(ana, "Cook soup"), column(ana, "Done"))
        steps.see(ben, card(ben, "Cook soup", "Done"))
    else:
        press(ana, "Start", "Cook soup")
        press(ana, "Done", "Cook soup")
        steps.see(ben, card(ben, "Cook soup", "Done"))

    press(ben, "Take task", "Bring nets")
    steps.see(ana, card(ana, "Bring nets").get_by_text("Ben Okafor"))
    if javascript:
        expect(ana.page.get_by_label("Task", exact=True)).to_have_value("Half a thought")
    press(ben, "Join shift", "At the weir")
    steps.see(ben, ben.page.get_by_role("button", name=called("Leave shift", "At the weir")))

    steps.answer(ben, event, "Can’t go")
    steps.see(ana, card(ana, "Bring nets").get_by_role("button", name="Take task"))
    ana.visit("/inbox")
    expect(ana.page.get_by_text("Ben Okafor dropped out of “Bring nets").first).to_be_visible()
    assert [person.complaints for person in (ana, ben)] == [[], []]


def plan(ana, event, *titles):
    """Create these tasks, and a shift with one spot."""
    ana.visit(f"{event}/manage/tasks")
    for title in titles:
        steps.fill(ana, Task=title)
        steps.press(ana, "Add task")
        expect(card(ana, title)).to_be_visible()
    ana.visit(f"{event}/manage/shifts")
    steps.fill(ana, Task="At the weir", People_needed="1")
    steps.press(ana, "Add shift")
    expect(ana.page.get_by_text("1 spot free")).to_be_visible()


def by_keyboard(ana, title):
    """Move a task down, up again, and to the column in progress, by keyboard alone; the focus
    follows.
    """
    down = ana.page.get_by_role("button", name=f"Move down: {title}")
    down.focus()
    down.press("Enter")
    expect(column(ana, "To do").locator(".task").nth(1)).to_contain_text(title)
    if ana.javascript:
        expect(down).to_be_focused()
    start = ana.page.get_by_role("button", name=called("Start", title))
    start.focus()
    start.press("Enter")
    expect(card(ana, title, "Doing")).to_be_visible()
    if ana.javascript:
        expect(ana.page.get_by_role("button", name=called("Done", title))).to_be_focused()
        expect(ana.page.locator("#board-status")).to_have_text(f"“{title}” moved to “Doing”.")


def called(words: str, title: str) -> re.Pattern[str]:
    """Return the name of a button that exists for several items."""
    return re.compile(f"^{words} ?: {title}$")


def press(person, words: str, title: str) -> None:
    """Press this button of this task or shift."""
    person.page.get_by_role("button", name=called(words, title)).click()


def column(person, words: str) -> Locator:
    """Return one of the three columns."""
    return person.page.locator("[data-column]").filter(
        has=person.page.get_by_role("heading", name=re.compile(f"^{words}"))
    )


def card(person, title: str, under: str = "") -> Locator:
    """Return the card with this title, in that column or anywhere."""
    return (column(person, under) if under else person.page).locator(".task", has_text=title)


def drag(person, what: Locator, where: Locator) -> None:
    """Drag something by its grip and drop it on the upper part of something else."""
    mouse, grip = person.page.mouse, what.locator(".grip").bounding_box()
    mouse.move(grip["x"] + 5, grip["y"] + 10)
    mouse.down()
    goal = where.bounding_box()
    mouse.move(goal["x"] + 60, goal["y"] + 30, steps=4)
    mouse.move(goal["x"] + 60, goal["y"] + 8, steps=4)
    mouse.up()
