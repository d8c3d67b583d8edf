"""The home page of someone who is signed in."""

from datetime import timedelta

import pytest

from tests import factories
from tests.volunteering.helping import comes, shift, task
from webapp.core import i18n
from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.events.models import CANCELLED, DRAFT, GOING, MAYBE, NOT_GOING, OFFERED, WAITING
from webapp.groups import ownership, reads as group_reads
from webapp.groups.models import APPROVE, INVITE, MODERATOR, JoinRequest
from webapp.volunteering import shifts, tasks
from webapp.volunteering.reads import shifts_of


@pytest.fixture
def ben_browses(browser, ben):
    return browser(ben)


def forms(browser):
    return [form["action"] for form in browser.page.select("#needs form")]


def words_of(browser, selector):
    return " ".join(browser.page.select_one(selector).get_text(" ").split())


def needs(browser):
    """Return the sentences under "For you": first the visible ones, then the collapsed ones."""
    return [
        [" ".join(title.get_text().split()) for title in browser.page.select(f"{part} h3")]
        for part in ("#needs > section > .needs", "#more-needs")
    ]


def test_an_offer_of_ownership_names_who_made_it(ana, ben, ben_browses):
    group = factories.group(ana, ben)
    ownership.offer(group_reads.membership_of(group, ben), by=ana)
    db.session.commit()
    ben_browses.get("/")

    needs = ben_browses.page.select_one("#needs").get_text()
    assert f"{ana.name} invited you to co-own {group.name}" in needs


def test_the_page_is_private_and_greets_the_person(ben_browses):
    answer = ben_browses.get("/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Ben" in ben_browses.page.h1.get_text()


def test_a_newcomer_is_guided_to_a_group_and_a_picture(ben_browses):
    ben_browses.get("/")
    assert ben_browses.page.h1.get_text() == "Welcome, Ben"
    steps = ben_browses.page.select_one("#steps")
    assert [link["href"] for link in steps.select("a")] == ["/groups", "/account/profile"]
    assert [step.h3.get_text() for step in steps.select(".done")] == ["Email confirmed"]
    assert steps.select_one("[aria-current=step] h3").get_text() == "Join a group"
    assert "No groups yet" in ben_browses.text
    assert ben_browses.page.h1.find_next("aside").find("section")["id"] == "steps"
    assert not ben_browses.page.select("#coming, #groups, #needs")


def test_a_newcomer_can_join_a_group_on_the_page(ben_browses, ana):
    factories.event(ana, factories.group(ana, name="Moss Walkers"), title="Seed swap")
    factories.group(ana, name="Choir", join_policy=APPROVE)
    factories.group(ana, name="Closed circle", join_policy=INVITE)
    factories.group(ana, name="Bell ringers", code_of_conduct="Be kind.")
    ben_browses.get("/")
    assert "Seed swap" in ben_browses.text
    assert "Closed circle" not in ben_browses.text
    found = ben_browses.page.select_one("section[aria-labelledby=groups-found]")
    links = {link.get_text(): link["href"] for link in found.select("a.btn")}
    assert links == {
        "Join Bell ringers": "/groups/bell-ringers",
        "Ask to join Choir": "/groups/choir",
    }

    ben_browses.submit("/groups/moss-walkers/membership")
    ben_browses.get("/")
    assert "Moss Walkers" in words_of(ben_browses, "#groups")
    assert not ben_browses.page.select("#steps")


def test_the_three_most_urgent_items_are_shown_and_the_others_folded(
    ben_browses, ana, ben, cem, make_rsvp, make_vote
):
    group = factories.group(ben, ana, name="River Carers", join_policy=APPROVE)
    db.session.add(JoinRequest(group_id=group.id, user_id=cem.id))
    factories.event(ben, title="Bat walk", state=DRAFT)
    for title, hours in (("Seed swap", 30), ("Moss walk", 20)):
        until = clock.now() + timedelta(hours=hours)
        make_rsvp(factories.event(ana, title=title, capacity=1), ben, OFFERED, offered_until=until)
    soon = clock.now() + timedelta(hours=25)
    factories.event(ana, group, title="Early walk", starts_at=soon)
    make_vote(group, ana, ben, title="Roof now?", closes_at=clock.now() + timedelta(hours=1))

    ben_browses.get("/")

    assert needs(ben_browses) == [
        [
            "A seat is free for you at Moss walk",
            "Are you going to Early walk?",
            "A seat is free for you at Seed swap",
        ],
        ["1 person wants to join River Carers", "Bat walk"],
    ]
    assert words_of(ben_browses, "#more-needs summary") == "2 more"
    assert not ben_browses.page.select("#needs details[open]")


def test_the_next_event_is_shown_first_with_answer_and_location(ben_browses, ana, ben, make_rsvp):
    day = timedelta(days=1)
    for title, days, answer in (("Far", 9, GOING), ("Near", 3, MAYBE), ("Waiting", 2, WAITING)):
        event = factories.event(
            ana, title=title, starts_at=clock.now() + day * days, venue="Ūpokongaro wharf"
        )
        make_rsvp(event, ben, answer, position=1 if answer == WAITING else None)
    called_off = factories.event(ana, state=CANCELLED, starts_at=clock.now() + day)
    make_rsvp(called_off, ben)

    ben_browses.get("/")

    words = words_of(ben_browses, "main .split > div > :first-child#next")
    assert "Your next event · in 3 days Near" in words
    assert "Ūpokongaro wharf" in words
    assert words.endswith("Maybe")
    coming = words_of(ben_browses, "#coming")
    assert ("Far" in coming, "Waiting" in coming, "Near" in coming) == (True, True, False)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (-1, "Happening now"),
        (24, "Your next event · tomorrow"),
        (72, "Your next event · in 3 days"),
    ],
)
def test_the_next_event_says_how_soon_it_is(ben_browses, ana, ben, make_rsvp, hours, said):
    starts = clock.now() + timedelta(hours=hours)
    event = factories.event(ana, starts_at=starts, ends_at=starts + timedelta(hours=2))
    make_rsvp(event, ben)
    ben_browses.get("/")
    assert ben_browses.page.select_one("#next .kicker").get_text() == said


def test_an_ended_event_disappears_without_a_reload(ben_browses):
    answer = ben_browses.fragment("/", "next")
    assert (answer.status_code, answer.text.strip()) == (200, "")


@pytest.mark.parametrize(("policy", "sees"), [("everyone", True), ("admins", False)])
def test_members_create_events_and_groups_from_here(
    app, ben_browses, ana, ben, policy, sees, monkeypatch
):
    monkeypatch.setitem(app.config, "GROUP_CREATION", policy)
    factories.group(ana, ben)
    ben_browses.get("/")
    links = [link["href"] for link in ben_browses.page.select("main header a")]
    assert links == ["/events/new", *(["/groups/new"] if sees else [])]


def test_answers_due_soon_are_asked_for_and_other_events_listed(
    ben_browses, ana, ben, cem, make_rsvp
):
    group = factories.group(ana, ben, name="Vila Nova")
    soon, later = clock.now() + timedelta(days=3), clock.now() + timedelta(days=40)
    factories.event(ana, group, title="Moss walk", starts_at=soon)
    factories.event(ana, group, title="Far trip", starts_at=later)
    factories.event(ana, group, title="Due early", starts_at=later, rsvp_deadline=soon)
    make_rsvp(factories.event(ana, group, title="Answered", starts_at=soon), ben, NOT_GOING)
    factories.event(ben, group, title="My own", starts_at=soon)
    factories.event(
        ana, group, title="Too late", starts_at=soon, rsvp_deadline=clock.now() - timedelta(hours=1)
    )
    factories.event(ana, factories.group(ana, cem), title="Not mine", starts_at=soon)
    factories.event(
        ana,
        group,
        title="Long known",
        starts_at=later,
        published_at=clock.now() - timedelta(days=15),
    )
    ben_browses.get("/")
    asked, notified = (words_of(ben_browses, part) for part in ("#needs", "#news"))
    assert set(needs(ben_browses)[0]) == {
        "Are you going to Moss walk?",
        "Are you going to Due early?",
    }
    assert "Far trip" in notified
    for title in ("Answered", "My own", "Too late", "Not mine", "Long known"):
        assert title not in asked + notified
    assert "Moss walk" not in notified


def test_recent_vote_results_are_shown(ben_browses, ana, ben, make_vote):
    group, day = factories.group(ana, ben), timedelta(days=1)
    for title, days in (("Roof now?", 2), ("Long ago?", 15)):
        closed = clock.now() - day * days
        make_vote(
            group, ana, ben, title=title, opens_at=closed - day, closes_at=closed, closed_at=closed
        )
    ben_browses.get("/")
    words = ben_browses.page.select_one("#news").get_text(" ")
    assert "Decided" in words
    assert "Roof now?" in words
    assert "Long ago?" not in ben_browses.text


def test_members_of_a_group_see_no_first_steps(ben_browses, ana, ben):
    factories.group(ana, ben)
    ben_browses.get("/")
    assert ben_browses.page.select_one("#steps") is None
    assert "You’re all caught up." in ben_browses.text


def test_a_seat_offer_can_be_accepted_or_declined_on_the_page(ben_browses, ana, ben, make_rsvp):
    event = factories.event(ana, title="Seed swap", capacity=2)
    make_rsvp(event, ben, OFFERED, party=2)
    ben_browses.get("/")
    assert "2 seats are free for you at Seed swap" in ben_browses.text
    assert "Accept 2 seats" in ben_browses.text
    assert "or they’ll go to the next person." in ben_browses.text
    assert forms(ben_browses) == [
        "/events/seed-swap/offer/acceptance",
        "/events/seed-swap/offer/refusal",
    ]
    assert len(ben_browses.page.select("#needs form input[name=csrf_token]")) == 2


def test_an_expired_seat_offer_cannot_be_accepted(ben_browses, ana, ben, make_rsvp):
    make_rsvp(
        factories.event(ana, capacity=1),
        ben,
        OFFERED,
        offered_until=clock.now() - timedelta(minutes=1),
    )
    ben_browses.get("/")
    assert forms(ben_browses) == []


def test_open_votes_are_in_their_own_fold(ben_browses, ana, ben, cem, make_vote):
    group = factories.group(ana, ben, cem)
    soon = clock.now() + timedelta(hours=30)
    make_vote(group, ana, ben, title="Roof now?", closes_at=soon)
    for number in range(4):
        make_vote(group, ana, ben, title=f"Later {number}", closes_at=soon + timedelta(days=1))
    make_vote(group, ana, ben, title="Ochre or green?", voted=(ben,))
    make_vote(group, ana, cem, title="Not for Ben")
    make_vote(group, ana, ben, title="Over", closes_at=clock.now() - timedelta(minutes=1))
    make_vote(group, ana, ben, title="Called off", cancelled_at=clock.now())
    ben_browses.get("/")
    assert words_of(ben_browses, "#votes h2") == "5 open votes"
    assert f"Closes {i18n.soon(soon, ben.zone)}" in words_of(ben_browses, "#votes li")
    assert not ben_browses.page.select("details #votes, #votes details")
    titles = [title.get_text() for title in ben_browses.page.select("#votes h3")]
    assert titles == ["Roof now?", "Later 0", "Later 1"]
    assert needs(ben_browses) == [[], []]
    for title in ("Not for Ben", "Over", "Called off", "Ochre or green?"):
        assert title not in ben_browses.text


def test_requests_are_shown_to_those_who_can_approve_them(browser, ana, ben, cem, dia):
    group = factories.group(ana, ben, name="River Carers", join_policy=APPROVE)
    factories.membership(group, dia, MODERATOR)
    db.session.add(JoinRequest(group_id=group.id, user_id=cem.id))
    db.session.commit()
    for person, sees in ((ana, True), (dia, True), (ben, False)):
        page = browser(person)
        page.get("/")
        assert ("1 person wants to join River Carers" in page.text) is sees


def test_drafts_are_shown_to_their_owner_only(browser, ana, ben):
    factories.event(ana, factories.group(ana, ben), title="Bat walk", state=DRAFT)
    for person, sees in ((ana, True), (ben, False)):
        page = browser(person)
        page.get("/")
        assert ("Bat walk" in page.text) is sees


def test_upcoming_events_show_my_time_zone_and_my_answer(browser, ana, make_rsvp):
    person = factories.user("Yuki", "Hasegawa", zone="Asia/Tokyo")
    starts = (clock.now() + timedelta(days=3)).replace(hour=22, minute=0, second=0, microsecond=0)
    make_rsvp(
        factories.event(ana, title="Harbour songs", zone="UTC", starts_at=starts), person, party=2
    )
    make_rsvp(factories.event(ana, title="Moss walk"), person, WAITING, position=1)
    make_rsvp(factories.event(ana, title="Perhaps"), person, MAYBE)
    make_rsvp(factories.event(ana, title="Rather not"), person, NOT_GOING)
    make_rsvp(factories.event(ana, title="Called off", state=CANCELLED), person)
    page = browser(person)
    page.get("/")
    first = words_of(page, "#next")
    assert "Harbour songs" in first
    assert "07:00–09:00 your time (" in first
    assert "22:00 in UTC" in first
    assert "You’re going (+1)" in first
    words = page.page.select_one("#coming").get_text(" ")
    assert all(answer in words for answer in ("You’re on the waiting list", "Maybe", "Cancelled"))
    assert "Rather not" not in words


def test_groups_show_their_current_activity(ben_browses, ana, ben, make_vote):
    group = factories.group(ana, name="Vila Nova")
    factories.membership(group, ben, MODERATOR)
    make_vote(group, ana)
    factories.event(ana, group)
    ben_browses.get("/")
    words = ben_browses.page.select_one("#groups").get_text(" ")
    assert "Vila Nova" in words
    assert "Moderator\u00a0· 1 open vote\u00a0· next event" in words


@pytest.mark.parametrize("part", ["next", "needs", "coming", "news", "groups"])
def test_every_partial_can_be_requested_alone(ben_browses, ana, ben, make_rsvp, part):
    make_rsvp(factories.event(ana), ben)
    answer = ben_browses.fragment("/", part)
    assert answer.status_code == 200
    assert ben_browses.page.find(True)["id"] == part
    assert "<html" not in answer.text


def test_the_page_takes_the_same_statements_for_three_items_as_for_one(
    ben_browses, ana, ben, make_rsvp, make_vote, statements_of
):
    def more() -> None:
        group = factories.group(ana, ben)
        make_rsvp(factories.event(ana, group), ben)
        make_rsvp(factories.event(ana, group, capacity=1), ben, OFFERED)
        make_vote(group, ana, ben)
        make_vote(group, ana, ben, voted=(ben,))
        factories.event(ben, state=DRAFT)
        factories.event(ana, group, starts_at=clock.now() + timedelta(days=2))

    more()
    few = statements_of(lambda: ben_browses.get("/"))
    more()
    more()
    assert statements_of(lambda: ben_browses.get("/")) == few <= 5


def test_accepted_tasks_are_shown_until_they_are_done(ben_browses, ana, ben):
    event = factories.event(ana, title="Seed swap")
    comes(event, ben)
    due = time_zones.wall(event.starts_at, event.zone)
    cups, chairs = (task(event, ana, title, due=due) for title in ("Cups", "Chairs"))
    shifts.claim(event, shift(event, ana).id, by=ben)
    for one in (cups, chairs):
        tasks.take(event, one.id, by=ben)
    db.session.commit()
    ben_browses.get("/")
    assert needs(ben_browses)[0] == ["You have 3 tasks for Seed swap"]

    for one in (cups, chairs):
        tasks.move(event, one.id, ben, "todo", "done")
    shifts.release(event, shifts_of(event, ben)[0].id, by=ben)
    db.session.commit()
    ben_browses.get("/")
    assert "for Seed swap" not in ben_browses.text


def test_dates_and_groups_are_beside_the_page_and_what_happened_in_it(ana, ben, ben_browses):
    group = factories.group(ana, ben)
    factories.event(ana, group, title="Far trip", starts_at=clock.now() + timedelta(days=40))
    db.session.commit()
    ben_browses.get("/")

    [page] = ben_browses.page.select("main .split.in-three")
    parts = [child.get("id") or child.name for child in page.find_all(recursive=False)]
    assert parts == ["div", "aside", "news"]
    beside = [part["id"] for part in page.aside.find_all("section", recursive=False)]
    assert beside == ["coming", "groups"]
