"""Ballots of every kind in a secret vote, filled in by hand on a phone: cast, found by their
key, and changed.
"""

import pytest
from playwright.sync_api import expect

from . import steps
from .pages.looking import axe, sideways
from .test_ballots import OTHERS, asked
from .test_secret_vote import KEY, NAMES

pytestmark = [pytest.mark.browser, pytest.mark.deep]
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_every_kind_of_secret_ballot_can_be_cast_found_and_changed(small_site, people, javascript):
    ana, *others = (
        people(small_site, name, javascript=javascript, reduced_motion="reduce", viewport=PHONE)
        for name in NAMES
    )
    for person in (ana, *others):
        steps.become_a_member_of_the_site(person)
    group = steps.make_group(ana, f"Voters with {ana.handle}")
    for person in others:
        steps.join(person, group)

    for kind, (fill, words) in OTHERS.items():
        ballot = asked(ana, kind, group, names="secret")
        vote = steps.path_of(ana.page)
        fill(ballot)
        looks_well(ana)
        steps.press(ana, "Cast ballot", within=ballot)
        steps.expect_heading(ana, "Write down your key now")
        key = ana.page.locator("#key").inner_text()
        assert KEY.match(key)
        expect(ana.page.get_by_role("main")).to_contain_text(words)
        looks_well(ana)
        ana.page.get_by_role("link", name="I’ve written it down").click()
        found(ana, key, words)
        looks_well(ana)
        steps.press(ana, "Change ballot")  # sending it as the key has filled it in changes nothing
        expect(
            ana.page.get_by_text("Your ballot was changed. The key stays the same.")
        ).to_be_visible()
        assert steps.path_of(ana.page) == vote
        found(ana, key, words)
    assert ana.complaints == []


def looks_well(ana):
    """Expect no problems on her page that a program can find."""
    if ana.javascript:
        assert [*axe(ana.page), *sideways(ana.page)] == []


def found(ana, key, words):
    """Find the ballot by its key; expect this text."""
    ana.page.get_by_role("link", name="View or change my ballot").click()
    steps.fill(ana, Your_key=key)
    steps.press(ana, "Find my ballot")
    expect(ana.page.get_by_text("This is your ballot")).to_be_visible()
    expect(ana.page.get_by_role("main")).to_contain_text(words)
