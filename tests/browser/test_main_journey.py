"""From three strangers to an event with a waiting list and a vote: on sites of both sizes, with
scripts and without.
"""

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_three_strangers_start_a_group_hold_an_event_and_vote(site, people, javascript):
    ana, ben, cem = (
        people(site, name, javascript=javascript)
        for name in ("Ana Souza", "Ben Okafor", "Cem Yılmaz")
    )
    for person in (ana, ben):
        steps.come_in(person)
    steps.become_a_member_of_the_site(cem)
    group = steps.start_a_group(ana, f"Allotments of {ana.handle}")
    steps.come_into(ben, group)
    steps.join(cem, group)
    event = steps.announce_event(ana, group, f"Seed swap of {ana.handle}", seats=1)

    steps.answer(ben, event, "Going")
    expect(steps.status(ben, "You’re going")).to_be_visible()
    steps.answer(cem, event, "Going")
    expect(steps.status(cem, "You’re number 1 on the waiting list")).to_be_visible()
    steps.answer(ben, event, "Can’t go")
    expect(steps.status(ben, "You’re not going")).to_be_visible()
    steps.see(cem, steps.status(cem, "You’re going"))
    site.mailbox.await_email(cem.email, containing="You have a seat")

    vote = steps.open_vote(ana, group, f"Which day for {ana.handle}?", ("Saturday", "Sunday"))
    steps.cast(ben, vote, "Saturday")
    steps.see_result(ben, "Saturday", ballots=1, share=100)
    steps.cast(cem, vote, "Sunday")
    for person in (ben, cem):
        steps.see_result(person, "Saturday", ballots=1, share=50)
        steps.see_result(person, "Sunday", ballots=1, share=50)

    steps.change_ballot(ben.in_another_tab(), vote, "Sunday")
    for person in (ben, cem):
        steps.see_result(person, "Sunday", ballots=2, share=100)
        steps.see_result(person, "Saturday", ballots=0, share=0)
        expect(person.page.get_by_text("2 ballots")).to_be_visible()
    assert [person.complaints for person in (ana, ben, cem)] == [[], [], []]
