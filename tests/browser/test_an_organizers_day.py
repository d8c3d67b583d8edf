"""A day of an organizer: approves someone, announces, adds a news feed, repeats an event, adds
seats for the waiting list, asks the group, removes a post, and reads the statistics.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.news import hosts

from . import forms, servers, steps

pytestmark = pytest.mark.browser

OPTIONS = ("Old weir", "Mill pond")


@pytest.fixture(scope="module")
def fed(tmp_path_factory):
    """A small site, and the URL of a feed that it can read."""
    with hosts.Host(hosts.feed()) as host:
        site = servers.at_rest(tmp_path_factory.mktemp("fed"), NEWS_PORTS=str(host.port))
        with servers.running(site, web=(*servers.WEB[:-1], "tests.browser.feeding:app")):
            yield site, host.url


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_an_organizer_can_do_a_days_work(fed, people, javascript):
    site, feed = fed
    ana, cem = (people(site, name, javascript=javascript) for name in ("Ana Souza", "Cem Yılmaz"))
    ben = people(site, "Ben Okafor", javascript=javascript, viewport={"width": 390, "height": 800})
    for person in (ana, ben, cem):
        steps.become_a_member_of_the_site(person)
    group, event = of_last_week(ana, ben)

    lets_in(ana, cem, group)
    announces(ana, cem, group)
    reads_elsewhere(ana, ben, group, feed)
    again = holds_again(ana, cem, event)
    makes_room(ana, ben, cem, again)
    asks(ana, ben, group)
    takes_back(ana, cem, again)
    looks_at_the_numbers(ana, group)
    assert [person.complaints for person in (ana, ben, cem)] == [[], [], []]


def of_last_week(ana, ben):
    """Create a group that Ben owns and that requires requests, where Ana is an organizer and has
    held an event with one seat; return both paths.
    """
    group = steps.make_group(ben, f"Weir friends of {ben.handle}")
    steps.join(ana, group)
    forms.send(ben, f"{group}/manage/members?q={ana.first_name}", "Make organizer")
    forms.send(ben, f"{group}/edit", join_policy="approve")
    return group, steps.publish_event(ana, group, f"Eel count of {ana.handle}", seats=1)


def lets_in(ana, cem, group):
    """Cem requests to join while Ana has two pages open: both tell her, and what she reads on one
    is read on the other.
    """
    ana.visit("/")
    desk = ana.in_another_tab()
    desk.visit(f"{group}/manage")
    forms.send(cem, group, "Ask to join")
    steps.see(ana, ana.page.locator("#needs").get_by_role("heading", name="1 person wants to join"))
    for tab in (ana, desk):
        steps.see(tab, unread(tab).get_by_text("2"))  # the other is about her role

    desk.page.get_by_role("link", name=re.compile("^Inbox")).click()
    desk.page.get_by_role("link", name=f"{cem.name} asked to join").click()
    steps.expect_heading(desk, "Requests to join")
    expect_nothing_unread(ana)
    steps.press(desk, re.compile(f"^Approve.*{cem.name}"))
    expect(desk.page.get_by_text(f"{cem.name} is now a member.")).to_be_visible()
    cem.site.mailbox.await_email(cem.email, containing="member")
    desk.page.close()


def announces(ana, cem, group):
    """Announce something; expect every member to get it by email."""
    ana.visit(f"{group}/conversation")
    ana.page.get_by_role("link", name="Post announcement", exact=True).click()
    steps.fill(ana, Title="The path is open", Text="By the **east** gate.")
    steps.press(ana, "Post")
    steps.expect_heading(ana, "The path is open")
    email = cem.site.mailbox.await_email(cem.email, containing="The path is open")
    assert "Announcement" in email["Subject"]


def reads_elsewhere(ana, ben, group, feed):
    """Add a feed; expect its news on the group's pages for all readers, for Ben on his phone."""
    ana.visit(f"{group}/manage")
    ana.page.get_by_role("main").get_by_role("link", name="News feeds").click()
    steps.expect_heading(ana, "News feeds")
    assert ana.page.evaluate("scrollY") == 0
    steps.fill(ana, Feed_link=feed)
    steps.press(ana, "Add feed")
    ana.page.get_by_role("link", name="View news").click()
    steps.see_in_time(ana, ana.page.get_by_role("link", name="Eels are back"))
    ben.visit(group)
    tab = ben.page.get_by_role("navigation", name=re.compile("^Weir friends")).get_by_role(
        "link", name="News"
    )
    tab.click()
    steps.expect_heading(ben, re.compile(r"^\s*Weir friends.*: News\s*$"))
    if ben.javascript:
        expect(tab).to_be_in_viewport()
    ben.page.get_by_role("link", name="Eels are back").click()
    expect(ben.page.get_by_text("Forty of them.")).to_be_visible()
    expect(ben.page.get_by_role("link", name="Read the original")).to_have_attribute(
        "href", "https://weir.example.org/eels"
    )


def holds_again(ana, cem, event):
    """Copy the event with everything to a week later; expect members to be notified; return its
    path.
    """
    steps.want_everything_at_once(cem)
    ana.visit(f"{event}/manage")
    steps.press(ana, "Copy")
    steps.expect_heading(ana, "Edit event")
    title = f"Second eel count of {ana.handle}"
    steps.fill(ana, Title=title)
    steps.press(ana, "Save changes")
    steps.expect_heading(ana, title)
    again = steps.path_of(ana.page)
    ana.visit(f"{again}/manage")
    steps.press(ana, "Publish the event")
    expect(ana.page.get_by_text("Published. People can answer now.")).to_be_visible()
    cem.site.mailbox.await_email(cem.email, containing=title)
    return again


def makes_room(ana, ben, cem, event):
    """Add a seat: Cem, who is on the waiting list behind Ben, gets it while his page is open."""
    ana.visit(f"{event}/manage/queue")
    forms.send(ben, event, answer="going")
    steps.answer(cem, event, "Going")
    expect(steps.status(cem, "You’re number 1 on the waiting list")).to_be_visible()
    steps.see(ana, ana.page.get_by_role("main").get_by_text(cem.name).first)
    ana.visit(f"{event}/edit")
    steps.fill(ana, Seats="2")
    steps.press(ana, "Save changes")
    steps.see(cem, steps.status(cem, "You’re going"))


def asks(ana, ben, group):
    """Vote, and see what others choose meanwhile."""
    vote = steps.open_vote(ana, group, "Where do we count next?", OPTIONS)
    steps.cast(ana, vote, OPTIONS[0])
    steps.see_result(ana, OPTIONS[0], ballots=1, share=100)
    steps.cast(ben, vote, OPTIONS[1])
    steps.see_result(ana, OPTIONS[1], ballots=1, share=50)


def takes_back(ana, cem, event):
    """Cem's comment appears on Ana's page; she removes it, and only he can read why on his."""
    ana.visit(event)
    steps.fill(cem, Your_comment="Ben cannot count.")
    steps.press(cem, "Post")
    steps.see(ana, ana.page.get_by_role("log").get_by_text("Ben cannot count."))
    expect(ana.page.get_by_text("No comments yet")).to_be_hidden()
    ana.page.get_by_role("log").locator("summary").click()
    ana.page.get_by_role("link", name="Remove").click()
    steps.fill(ana, Reason="He can.")
    steps.press(ana, "Delete")
    cem.site.mailbox.await_email(cem.email, containing="He can.")
    if not cem.javascript:
        cem.visit(event)
    expect(cem.page.get_by_role("log").get_by_text("Reason: He can.")).to_be_visible()


def looks_at_the_numbers(ana, group):
    """Expect an empty list of tasks, and a larger group."""
    ana.visit(f"{group}/manage")
    expect(ana.page.get_by_text("You’re all caught up.")).to_be_visible()
    ana.page.get_by_text("Members over time").click()
    expect(ana.page.get_by_role("img", name="3 members today")).to_be_visible()
    ana.page.get_by_text("As a table").first.click()
    grown = (
        ana.page.get_by_role("region", name="Members over time, as a table").get_by_role("row").last
    )
    expect(grown).to_contain_text("3")


def unread(person):
    """Return the number next to the inbox in the navigation."""
    return person.page.locator("#unread .count")


def expect_nothing_unread(person):
    """Expect their page to say so, by itself if scripts run, otherwise after reloading."""
    if not person.javascript:
        person.page.reload()
    expect(unread(person)).to_have_count(0)
