"""Managing a group in a real browser: people request to join and answer its questions, and an
organizer views it as others.
"""

import re

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.small]


@pytest.mark.parametrize("javascript", [True, False])
def test_someone_requests_to_join_answers_questions_and_is_approved(site, people, javascript):
    ana, ben = (
        people(site, "Ana Souza", javascript=javascript),
        people(site, "Ben Okafor", javascript=javascript),
    )
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    group = ask_first(ana, "Lake Riders")
    ana.visit(f"{group}/manage/questions")
    steps.fill(ana, Question="Why the lake?")
    ana.page.get_by_label("Required").check()
    steps.press(ana, "Add question")
    expect(ana.page.get_by_role("heading", name="Why the lake?")).to_be_visible()
    ana.visit(f"{group}/manage/code")
    steps.fill(ana, Code_of_conduct="Wear a helmet.")
    steps.press(ana, "Save")

    ben.visit(group)
    steps.fill(ben, Why_the_lake="It is calm.")
    steps.press(ben, "Ask to join")
    expect(ben.page.get_by_text("tick the box to agree to it").first).to_be_visible()
    expect(ben.page.get_by_label(re.compile("^Why the lake"))).to_have_value("It is calm.")
    ben.page.get_by_role("checkbox", name="I’ve read the code of conduct").check()
    steps.press(ben, "Ask to join")
    expect(ben.page.get_by_text("You asked to join")).to_be_visible()

    ana.visit(f"{group}/manage")
    ana.page.get_by_role("link", name=re.compile("Requests? to join")).click()
    expect(ana.page.get_by_text("It is calm.")).to_be_visible()
    steps.press(ana, re.compile("^Approve"))
    expect(ana.page.get_by_text("Ben Okafor is now a member.")).to_be_visible()
    ben.visit(group)
    expect(ben.page.get_by_role("button", name="Membership options")).to_be_visible()
    assert [
        complaint for complaint in (*ana.complaints, *ben.complaints) if "422" not in complaint
    ] == []


def test_organizers_can_view_the_group_as_others(site, people):
    ana = people(site, "Ana Souza")
    steps.become_a_member_of_the_site(ana)
    group = ask_first(ana, "Lake Riders")
    ana.visit(f"{group}/manage")
    ana.page.get_by_role("link", name="View as a visitor").click()
    eyes = ana.page.get_by_role("complementary", name="View as")
    expect(eyes).to_contain_text("This is what a visitor sees.")
    expect(ana.page.get_by_role("link", name="Sign in to ask to join")).to_be_visible()
    expect(ana.page.get_by_role("link", name="Manage group")).to_have_count(0)

    eyes.get_by_role("link", name="View as a member").click()
    expect(eyes).to_contain_text("This is what a member sees.")
    expect(ana.page.get_by_role("button", name="Membership options")).to_be_visible()
    eyes.get_by_role("link", name="Stop").click()
    steps.expect_heading(ana, "Lake Riders")
    assert ana.complaints == []


def ask_first(person, name):
    """Create a group that requires requests to join; return its path."""
    group = steps.make_group(person, name)
    person.visit(f"{group}/edit")
    person.page.get_by_role("radio", name=re.compile("^Ask to join")).check()
    steps.press(person, "Save")
    steps.expect_heading(person, name)
    return group
