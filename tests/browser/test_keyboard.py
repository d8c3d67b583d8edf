"""The main journeys with a keyboard alone: from the top of the page to the confirmation, which has
the focus in the end.
"""

import pytest
from playwright.sync_api import expect

from . import steps
from .keyboard import has_focus, press_at, tab_to
from .test_ballots import asked

pytestmark = [pytest.mark.browser, pytest.mark.small]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def ana(site, people):
    """Someone with an account."""
    ana = people(site, "Ana Souza", reduced_motion="reduce")
    steps.become_a_member_of_the_site(ana)
    return ana


@pytest.fixture
def event(ana):
    """The path of an event that Ana has published."""
    group = steps.make_group(ana, f"Keys of {ana.handle}")
    return steps.publish_event(ana, group, f"Key change of {ana.handle}", seats=9)


def answer(ana, event):
    """She has gone past the header and given her answer, which is not the proposed one."""
    ana.visit(event)
    page = ana.page
    press_at(ana, page.get_by_role("link", name="Skip to content"))
    expect(page.get_by_role("main")).to_be_focused()
    answers = page.get_by_role("radiogroup", name="Your answer")
    tab_to(ana, answers.get_by_role("radio", checked=True))
    page.keyboard.press("ArrowRight")
    expect(answers.get_by_role("radio", name="Maybe")).to_be_checked()
    press_at(ana, page.locator("#rsvp-send"))
    expect(page.locator("#answered")).to_contain_text("You answered “Maybe”")


def test_an_event_is_answered_by_keyboard_and_the_answer_gets_the_focus(ana, event):
    answer(ana, event)
    expect(ana.page.locator("#answered")).to_be_focused()
    assert ana.complaints == []


def test_control_an_answer_without_the_focus_is_noticed(ana, event):
    ana.context.add_init_script(
        "addEventListener('submit', () => { HTMLElement.prototype.focus = () => {}; }, true)"
    )
    answer(ana, event)
    assert not has_focus(ana.page.locator("#answered"))


def test_a_ballot_is_cast_by_keyboard_and_the_receipt_gets_the_focus(ana):
    ballot = asked(ana, "single")
    press_at(ana, ballot.get_by_role("radio", name="Ada"), "Space")
    ana.page.keyboard.press("ArrowDown")
    expect(ballot.get_by_role("radio", name="Ben")).to_be_checked()
    press_at(ana, ballot.get_by_role("button", name="Cast ballot"))

    expect(ballot.get_by_role("heading", name="You’ve voted")).to_be_focused()
    expect(ballot.locator(".notice p")).to_have_text("Ben")


def test_a_ranking_is_made_by_keyboard_and_each_move_is_announced(ana):
    ballot = asked(ana, "irv")
    said = ballot.locator("[data-status][aria-live=polite]")
    for name, place in (("Cem", "Cem: 1st"), ("Ada", "Ada: 2nd")):
        press_at(ana, ballot.get_by_role("button", name=f"Move {name} up"))
        expect(said).to_have_text(place)
    ana.page.keyboard.press("Enter")
    expect(said).to_have_text("Ada: 1st")
    expect(ballot.get_by_role("button", name="Move Ada down")).to_be_focused()
    press_at(ana, ballot.get_by_role("button", name="Cast ballot"))

    expect(ballot.get_by_role("heading", name="You’ve voted")).to_be_focused()
    expect(ballot.locator(".notice p")).to_have_text("1. Ada, 2. Cem")


def test_an_event_is_created_by_keyboard_from_start_to_end(ana):
    page, keys = ana.page, ana.page.keyboard
    ana.visit("/")
    press_at(ana, page.get_by_role("main").get_by_role("link", name="Create event").first)
    steps.expect_heading(ana, "Create event")
    press_at(ana, page.get_by_role("button", name="Publish"))
    expect(page.get_by_label("Title")).to_be_focused()

    keys.type("Key change")
    tab_to(ana, page.get_by_label("Starts"))
    keys.type("05052031")
    keys.press("ArrowRight")
    keys.type("1800")
    expect(page.get_by_label("Starts")).to_have_value("2031-05-05T18:00")
    expect(page.get_by_label("Ends")).to_have_value("2031-05-05T20:00")
    press_at(ana, page.get_by_role("button", name="Publish"))

    steps.expect_heading(ana, "Key change")
    messages = page.locator("#messages")
    expect(messages).to_be_focused()
    expect(messages).to_contain_text("Published")


def test_the_manage_menu_opens_and_closes_by_keyboard_on_a_phone(ana, event):
    ana.page.set_viewport_size(PHONE)
    ana.visit(f"{event}/manage")
    opener, menu = ana.page.locator(".area-open"), ana.page.locator("#area-nav")
    press_at(ana, opener)
    expect(menu).to_be_visible()
    tab_to(ana, menu.get_by_role("link", name="Attendees"))
    ana.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()

    ana.page.keyboard.press("Enter")
    press_at(ana, menu.get_by_role("link", name="Attendees"))
    steps.expect_heading(ana, "Attendees")
