"""People who ask for less motion see none: nothing moves, fades or scrolls smoothly."""

import pytest
from playwright.sync_api import expect

from .important import EVENT, PAGES, opened, visited

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("important-pages")]

#: From now on, `moved` holds every animation or transition that takes more than 10 ms.
WATCH = """() => {
    window.moved = new Set();
    const look = () => document.getAnimations().forEach(one => {
        const {duration} = one.effect.getTiming();
        const name = one.animationName ?? one.transitionProperty;
        const target = one.effect.target.outerHTML.slice(0, 100);
        if (duration > 10) moved.add(`${name}: ${duration} ms on ${target}`);
    });
    for (const kind of ["transitionrun", "animationstart"]) document.addEventListener(kind, look);
    (function again() { look(); requestAnimationFrame(again); })();
}"""
#: What a page does while it answers: a message appears, a button and a part of the page are busy,
#: and what has come settles.
ANSWER = """() => {
    const at = document.querySelector("main");
    at.insertAdjacentHTML("afterbegin", `
        <div class="now stack"><p class="notice yes">Saved.</p></div>
        <button class="btn" aria-busy="true" type="button">Save</button>
        <div aria-busy="true">Busy</div><div class="htmx-settling">Settling</div>`);
    for (const one of document.querySelectorAll(".btn")) one.classList.toggle("main");
}"""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SMOOTH = """() => [...document.querySelectorAll("*")]
    .filter(one => getComputedStyle(one).scrollBehavior === "smooth")
    .map(one => one.outerHTML.slice(0, 80))"""


def motion(page):
    """What moves on this page while it answers and its buttons change."""
    page.evaluate(WATCH)
    page.evaluate(ANSWER)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = !one.open; })")
    page.evaluate(DRAWN)
    return page.evaluate("[...moved]") + page.evaluate(SMOOTH)


def test_nothing_moves_for_people_who_want_less_motion(visit_as):
    wrong = [f"{path}: {line}" for path, page in visited(visit_as, PAGES) for line in motion(page)]
    assert not wrong, "\n".join(wrong)


def test_control_without_that_wish_something_moves(visit_as):
    page = opened(visit_as, "member", EVENT)
    page.emulate_media(reduced_motion="no-preference")
    assert len(motion(page)) >= 4


def test_a_swapped_list_does_not_move_for_people_who_want_less_motion(visit_as):
    page = opened(visit_as, "member", "/events")
    page.evaluate(WATCH)
    page.get_by_role("searchbox", name="Search events").fill("eels")
    expect(page.locator("#event-list article")).to_have_count(1)
    page.evaluate(DRAWN)
    assert page.evaluate("[...moved]") == []
