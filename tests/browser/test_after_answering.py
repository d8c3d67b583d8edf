"""On a phone the answer is on the first screen, one tap gives it, and the result is visible and
focused where the person pressed the button.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.agenda import conference
from tests.browser_like import ORIGIN, Browser
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.events.models import OFFER

from .pages.looking import axe, sideways

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("context")]
#: Whether the bar is above the tabs, with all of its controls in the window.
IN_SIGHT = """() => {
    const box = one => document.querySelector(one).getBoundingClientRect();
    const bar = box(".answer-bar"), tabs = box(".nav");
    return bar.top >= 0 && bar.bottom <= tabs.top + 1 && [...document.querySelectorAll(
        ".answer-bar .btn")].every(one => { const it = one.getBoundingClientRect();
        return it.left >= 0 && it.right <= innerWidth && it.height >= 44; }); }"""


@pytest.fixture
def phone(chromium):
    """A page on a phone, with its errors in `complaints`."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def served(page, tab):
    """Answer the page's requests in this process, as the tab's person; nothing is live."""

    def answer(route):
        asked = route.request
        if urlsplit(asked.url).path.startswith("/live"):
            route.abort()
            return
        kept = {
            name: value
            for name, value in asked.headers.items()
            if name.startswith(("hx-", "content-type"))
        }
        got = tab.client.open(asked.url, method=asked.method, data=asked.post_data, headers=kept)
        if got.status_code == 303:
            kept.pop("content-type", None)
            got = tab.client.get(got.headers["Location"], base_url=ORIGIN, headers=kept)
        route.fulfill(
            status=got.status_code, headers=dict(got.headers.items()), body=got.get_data()
        )

    page.route("**/*", answer)


@pytest.mark.parametrize(
    ("button", "said", "state"),
    [
        ("#take", "The seat is yours: you’re going.", "You’re going"),
        ("#pass", "Declined.", "You’re number 1 on the waiting list"),
    ],
)
def test_an_answered_offer_is_visible_where_its_button_was(
    app, phone, ana, ben, cem, button, said, state
):
    event = conference(ana, capacity=1, promotion=OFFER, description="Bring seeds. " * 200)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    rsvps.withdraw(event, by=ben)
    db.session.commit()
    path, tab = event.path, Browser.of(app, cem)
    db.session.remove()
    served(phone, tab)
    phone.goto(ORIGIN + path)
    phone.locator(button).evaluate("it => it.scrollIntoView({block: 'center'})")

    phone.locator(button).click()

    expect(phone.locator("#messages").get_by_text(said)).to_be_in_viewport()
    expect(phone.locator("#rsvp .notice").get_by_text(state)).to_be_in_viewport()
    expect(phone.locator("#answered")).to_be_focused()


@pytest.fixture
def event(ana, ben):
    """An event with plus-ones and a long description; Ben is going."""
    made = factories.event(ana, capacity=30, max_plus_ones=2, description="Bring seeds.\n\n" * 60)
    rsvps.answer(made, by=ben)
    db.session.commit()
    return made


@pytest.fixture
def opened(app, phone, event, cem):
    """Cem's phone, with the event's page open."""
    path, tab = event.path, Browser.of(app, cem)
    db.session.remove()
    served(phone, tab)
    phone.goto(ORIGIN + path)
    phone.wait_for_selector("#bar-form[data-htmx-powered]")
    return phone


def test_one_tap_on_the_first_screen_answers_with_a_confirmation(opened):
    assert opened.evaluate(IN_SIGHT)
    opened.get_by_role("button", name="I’m going").click()

    expect(opened.locator("#bar-says")).to_be_focused()
    expect(opened.locator("#bar-says")).to_have_text("You’re goingJust you")
    expect(opened.locator("#rsvp .notice")).to_contain_text("You’re going")
    assert opened.evaluate("() => scrollY") == 0
    assert opened.evaluate(IN_SIGHT)
    assert list(axe(opened)) == []
    opened.reload()
    expect(opened.locator("#bar-says")).to_contain_text("You’re going")


def test_a_keyboard_alone_changes_the_answer_in_the_bar(opened):
    opened.locator("#bar-open").focus()
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("button", name="Can’t go")).to_be_visible()
    opened.keyboard.press("Tab")
    expect(opened.get_by_role("button", name="Maybe")).to_be_focused()
    opened.keyboard.press("Enter")

    expect(opened.locator("#bar-says")).to_be_focused()
    expect(opened.locator("#bar-says")).to_contain_text("Maybe")
    expect(opened.locator("#bar-more")).to_be_hidden()


def test_an_answer_on_the_card_is_confirmed_on_the_card(opened):
    opened.locator("#rsvp-send").click()

    expect(opened.locator("#answered")).to_be_focused()
    expect(opened.locator("#answered").get_by_text("You’re going")).to_be_in_viewport(ratio=1)
    expect(opened.locator("#bar-says")).to_contain_text("You’re going")


def test_the_bar_is_hidden_while_the_card_is_on_the_screen(opened):
    opened.locator("#rsvp").evaluate("it => it.scrollIntoView()")
    expect(opened.locator(".answer-bar")).to_be_hidden()
    opened.locator("#rsvp-send").click()
    expect(opened.locator("#answered")).to_be_focused()
    expect(opened.locator(".answer-bar")).to_be_hidden()

    opened.evaluate("() => scrollTo(0, 0)")
    expect(opened.locator(".answer-bar")).to_be_visible()


def test_a_refused_tap_closes_the_menu_and_shows_why_on_the_card(opened):
    opened.locator("#bar-form [name=party]").evaluate("it => { it.value = '9'; }")
    opened.locator("#bar-open").click()
    opened.get_by_role("button", name="Maybe").click()

    expect(opened.locator("#rsvp [role=alert]")).to_be_in_viewport()
    expect(opened.locator("#bar-more")).to_be_hidden()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_bar_fits_small_windows_large_text_and_both_directions(opened, direction):
    opened.evaluate("it => { document.documentElement.dir = it; }", direction)
    opened.set_viewport_size({"width": 320, "height": 640})
    assert opened.evaluate(IN_SIGHT)
    assert list(sideways(opened)) == []

    opened.evaluate("() => { document.documentElement.dataset.text = 'large'; }")
    assert opened.evaluate(IN_SIGHT)
    opened.set_viewport_size({"width": 1280, "height": 900})
    expect(opened.locator(".answer-bar")).to_be_hidden()
    opened.set_viewport_size({"width": 640, "height": 500})
    assert opened.evaluate(IN_SIGHT)
    opened.set_viewport_size({"width": 640, "height": 499})
    expect(opened.locator(".answer-bar")).to_be_hidden()
