"""An owner offers someone the group, who reads what that means and accepts; the former owner
becomes an organizer.
"""

import re

import pytest
from playwright.sync_api import expect

from . import steps
from .pages.looking import axe, sideways

pytestmark = pytest.mark.browser


@pytest.mark.deep
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_group_can_be_handed_over_to_someone_who_accepts(small_site, people, javascript):
    ana, ben = (
        people(small_site, name, javascript=javascript, reduced_motion="reduce")
        for name in ("Ana Souza", "Ben Okafor")
    )
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    name = f"Orchard of {ana.handle}"
    group = steps.make_group(ana, name)
    steps.join(ben, group)

    offer(ana, group, ben)
    expect(
        ana.page.get_by_text(f"Offer sent to {ben.name}. Nothing changes until they accept.")
    ).to_be_visible()
    assert role_of(ana, group, ana) == "Owner"
    small_site.mailbox.await_email(ben.email, containing=name)
    accept(ben, group, name)

    assert role_of(ben, group, ben) == "Owner"
    assert role_of(ben, group, ana) == "Organizer"
    expect(change(ana, group, ben)).to_have_count(0)
    expect(change(ben, group, ana)).to_be_visible()
    assert [person.complaints for person in (ana, ben)] == [[], []]


def offer(ana, group, ben):
    """Offer the ownership, with the wish to be an organizer afterwards."""
    change(ana, group, ben).click()
    ana.page.get_by_role("link", name=f"More about {ben.first_name}").click()
    ana.page.get_by_role("link", name="Offer ownership").click()
    steps.expect_heading(ana, f"Offer {ben.name} ownership?")
    if ana.javascript:
        assert [*axe(ana.page), *sideways(ana.page)] == []
    ana.page.get_by_role("radio", name=re.compile("They own the group")).check()
    steps.press(ana, "Offer ownership")


def accept(ben, group, name):
    """Go there from the group's page, read the consequences for both, and accept."""
    ben.visit(group)
    ben.page.get_by_role("link", name="View offer").click()
    steps.expect_heading(ben, f"Become an owner of {name}?")
    expect(ben.page.get_by_text("becomes an organizer")).to_be_visible()
    steps.press(ben, "Accept ownership")
    expect(ben.page.get_by_text(f"You’re now an owner of {name}.")).to_be_visible()


def change(reader, group, person):
    """Return the menu of what the reader can change about this person in the list of members."""
    reader.visit(f"{group}/manage/members")
    return reader.page.get_by_role("button", name=f"Change {person.name}")


def role_of(reader, group, person):
    """Return the role in the list of members."""
    reader.visit(f"{group}/members")
    return (
        reader.page.get_by_role("row", name=person.name)
        .get_by_role("cell")
        .first.inner_text()
        .strip()
    )
