"""The first page, for someone who is signed in."""

from datetime import timedelta

import pytest

from tests import factories
from tests.volunteering.helping import comes, shift, task
from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.events.models import CANCELLED, DRAFT, MAYBE, NOT_GOING, OFFERED, WAITING
from webapp.groups import ownership
from webapp.groups import reads as group_reads
from webapp.groups.models import APPROVE, MODERATOR, JoinRequest
from webapp.volunteering import shifts, tasks
from webapp.volunteering.reads import shifts_of


@pytest.fixture
def ben_browses(browser, ben):
    return browser(ben)


def forms(browser):
    return [form["action"] for form in browser.page.select("#needs form")]


def test_an_offer_of_ownership_names_who_made_it(ana, ben, ben_browses):
    group = factories.group(ana, ben)
    ownership.offer(group_reads.membership_of(group, ben), by=ana)
    db.session.commit()
    ben_browses.get("/")

    needs = ben_browses.page.select_one("#needs").get_text()
    assert f"{ana.name} invited you to co-own {group.name}" in needs


def test_is_private_and_greets(ben_browses):
    answer = ben_browses.get("/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Ben" in ben_browses.page.h1.get_text()


def test_leads_a_newcomer_to_a_group_and_an_event(ben_browses):
    ben_browses.get("/")
    steps = ben_browses.page.select_one("#steps")
    assert [link["href"] for link in steps.select("a")] == ["/groups", "/events"]
    assert steps.select_one("[aria-current=step] a.btn.main").get_text() == "Browse groups"
    assert not ben_browses.page.select("#coming, #groups, .empty")


def test_shows_a_newcomer_what_is_open_to_them(ben_browses, ana):
    factories.event(ana, factories.group(ana, name="Moss Walkers"), title="Seed swap")
    ben_browses.get("/")
    assert "Seed swap" in ben_browses.text
    assert "Moss Walkers" in ben_browses.text


def test_asks_for_answers_that_are_due_soon_and_tells_of_the_others(
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
    needs, told = (ben_browses.page.select_one(part).get_text(" ") for part in ("#needs", "#news"))
    assert "Are you going to Moss walk?" in needs
    assert "Are you going to Due early?" in needs
    assert "Far trip" in told
    for title in ("Answered", "My own", "Too late", "Not mine", "Long known"):
        assert title not in needs + told
    assert "Moss walk" not in told


def test_tells_of_results(ben_browses, ana, ben, make_vote):
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


def test_does_not_lead_those_who_have_found_the_way(ben_browses, ana, ben):
    factories.group(ana, ben)
    ben_browses.get("/")
    assert ben_browses.page.select_one("#steps") is None
    assert "You’re all caught up." in ben_browses.text


def test_an_offer_can_be_taken_or_let_go_right_here(ben_browses, ana, ben, make_rsvp):
    event = factories.event(ana, title="Seed swap", capacity=2)
    make_rsvp(event, ben, OFFERED, party=2)
    ben_browses.get("/")
    assert "2 seats are free for you at Seed swap" in ben_browses.text
    assert "Accept both seats" in ben_browses.text
    assert forms(ben_browses) == [
        "/events/seed-swap/offer/acceptance",
        "/events/seed-swap/offer/refusal",
    ]
    assert len(ben_browses.page.select("#needs form input[name=csrf_token]")) == 2
    assert "1 thing needs your attention." in ben_browses.text


def test_an_offer_that_ran_out_cannot_be_taken(ben_browses, ana, ben, make_rsvp):
    make_rsvp(
        factories.event(ana, capacity=1),
        ben,
        OFFERED,
        offered_until=clock.now() - timedelta(minutes=1),
    )
    ben_browses.get("/")
    assert forms(ben_browses) == []


def test_votes_to_cast_stand_under_needs_and_others_below(ben_browses, ana, ben, cem, make_vote):
    group = factories.group(ana, ben, cem)
    make_vote(group, ana, ben, title="Roof now?")
    make_vote(group, ana, ben, title="Ochre or green?", voted=(ben,))
    make_vote(group, ana, cem, title="Not for Ben")
    make_vote(group, ana, ben, title="Over", closes_at=clock.now() - timedelta(minutes=1))
    make_vote(group, ana, ben, title="Called off", cancelled_at=clock.now())
    ben_browses.get("/")
    assert "Roof now?" in ben_browses.page.select_one("#needs").get_text()
    assert "Ochre or green?" not in ben_browses.page.select_one("#needs").get_text()
    assert "Ochre or green?" in ben_browses.page.select_one("#votes").get_text()
    for title in ("Not for Ben", "Over", "Called off"):
        assert title not in ben_browses.text


def test_requests_are_shown_to_those_who_answer_them(browser, ana, ben, cem, dia):
    group = factories.group(ana, ben, name="River Carers", join_policy=APPROVE)
    factories.membership(group, dia, MODERATOR)
    db.session.add(JoinRequest(group_id=group.id, user_id=cem.id))
    db.session.commit()
    for person, sees in ((ana, True), (dia, True), (ben, False)):
        page = browser(person)
        page.get("/")
        assert ("1 person wants to join River Carers" in page.text) is sees


def test_drafts_are_shown_to_their_owner_alone(browser, ana, ben):
    factories.event(ana, factories.group(ana, ben), title="Bat walk", state=DRAFT)
    for person, sees in ((ana, True), (ben, False)):
        page = browser(person)
        page.get("/")
        assert ("Bat walk" in page.text) is sees


def test_coming_events_stand_in_my_time_with_my_answer(browser, ana, make_rsvp):
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
    first = page.page.select_one("#coming article")
    assert "Harbour songs" in first.get_text()
    assert "07:00" in first.time.find_next("time").get_text()
    assert "22:00 in UTC" in first.get_text()
    assert "You’re going (+1)" in first.get_text()
    words = page.page.select_one("#coming").get_text(" ")
    assert all(answer in words for answer in ("You’re on the waiting list", "Maybe", "Cancelled"))
    assert "Rather not" not in words


def test_groups_say_what_goes_on_in_them(ben_browses, ana, ben, make_vote):
    group = factories.group(ana, name="Vila Nova")
    factories.membership(group, ben, MODERATOR)
    make_vote(group, ana)
    factories.event(ana, group)
    ben_browses.get("/")
    words = ben_browses.page.select_one("#groups").get_text(" ")
    assert "Vila Nova" in words
    assert "Moderator · 1 open vote · next on" in words


@pytest.mark.parametrize("part", ["needs", "coming", "votes", "news", "groups"])
def test_every_part_can_be_asked_for_alone(ben_browses, ana, ben, make_vote, part):
    make_vote(factories.group(ana, ben), ana, ben, voted=(ben,))
    answer = ben_browses.fragment("/", part)
    assert answer.status_code == 200
    assert ben_browses.page.find(True)["id"] == part
    assert "<html" not in answer.text


def test_sends_as_many_statements_for_three_as_for_one(
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


def test_what_one_has_taken_to_do_waits_there_until_it_is_done(ben_browses, ana, ben):
    event = factories.event(ana, title="Seed swap")
    comes(event, ben)
    due = time_zones.wall(event.starts_at, event.zone)
    cups, chairs = (task(event, ana, title, due=due) for title in ("Cups", "Chairs"))
    shifts.claim(event, shift(event, ana).id, by=ben)
    for one in (cups, chairs):
        tasks.take(event, one.id, by=ben)
    db.session.commit()
    ben_browses.get("/")
    assert "You have 3 tasks for Seed swap" in ben_browses.page.select_one("#needs").get_text(" ")

    for one in (cups, chairs):
        tasks.move(event, one.id, ben, "todo", "done")
    shifts.release(event, shifts_of(event, ben)[0].id, by=ben)
    db.session.commit()
    ben_browses.get("/")
    assert "for Seed swap" not in ben_browses.text
