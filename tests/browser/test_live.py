"""Open pages: what is read in one tab is read in the other; an event shows who has it open, for as
long as they do.
"""

import pytest
from playwright.sync_api import expect

from . import steps
from .pages.looking import axe, sideways

pytestmark = pytest.mark.browser


def test_tabs_share_read_state_and_an_event_shows_who_is_present(small_site, people):
    ana, ben = (
        people(small_site, name, reduced_motion="reduce") for name in ("Ana Souza", "Ben Okafor")
    )
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    group = steps.make_group(ana, f"Rowers of {ana.handle}")
    event = steps.publish_event(ana, group, f"Row of {ana.handle}", seats=2)
    steps.join(ben, group)
    ben.visit("/account/profile")
    ben.page.get_by_label("Show when I’m here").check(force=True)
    steps.press(ben, "Save")
    ben.visit(event)
    other = ben.in_another_tab()
    other.visit("/groups")

    steps.open_vote(ana, group, "Which boat?", ("The old one", "The new one"))
    for tab in (ben, other):
        expect(tab.page.locator("#unread .count")).to_be_visible()
    other.visit("/inbox")
    steps.press(other, "Mark all as read")
    expect(ben.page.locator("#unread .count")).to_have_count(0)

    ana.visit(event)
    here = ana.page.locator("#here")
    expect(here).to_contain_text(f"Here now: {ben.name}")
    assert [*axe(ana.page), *sideways(ana.page)] == []
    ben.page.close()  # the other tab stays, and so does a stream of this browser
    expect(here).to_be_hidden(timeout=90_000)
    assert [person.complaints for person in (ana, ben)] == [[], []]
