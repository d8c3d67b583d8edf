"""From three strangers to an event with a queue and a vote: on both sizes, with scripts and without."""

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_community_begins(site, people, javascript):
    ana, ben, cem = (people(site, name, javascript=javascript) for name in ("Ana Souza", "Ben Okafor", "Cem Yılmaz"))
    for person in (ana, ben, cem):
        steps.become_a_member_of_the_site(person)
    group = steps.make_group(ana, f"Allotments of {ana.handle}")
    for person in (ben, cem):
        steps.join(person, group)
    event = steps.publish_event(ana, group, f"Seed swap of {ana.handle}", seats=1)

    steps.answer(ben, event, "Going")
    expect(steps.standing(ben, "You are going")).to_be_visible()
    steps.answer(cem, event, "Going")
    expect(steps.standing(cem, "You are at place 1 in the queue")).to_be_visible()
    steps.answer(ben, event, "Can’t")
    expect(steps.standing(ben, "You do not come")).to_be_visible()
    steps.see(cem, steps.standing(cem, "You are going"))
    site.mailbox.await_mail(cem.email, containing="you are going")
