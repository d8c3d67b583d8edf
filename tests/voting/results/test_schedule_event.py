"""The winning date becomes the event's time, once, and answers are imported."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.events.change_notices import tell_everyone
from tests.fan_outs import run_fan_outs
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.jobs.fan_out import FanOut
from webapp.core.time import clock, time_zones
from webapp.events.models import CANCELLED, DRAFT, GOING, MAYBE, NOT_GOING, WAITING, Event, Rsvp
from webapp.groups.models import ORGANIZER
from webapp.notifications.models import Notification
from webapp.voting.models import ANSWERS
from webapp.voting.results import schedule_event
from webapp.voting.tally.rules import DATE

from .. import making
from ..running import close


@pytest.fixture
def people(group, ana, ben, cem, dia):
    """Ana, who owns the group, and four members."""
    eve = factories.user("Eve")
    for person in (cem, dia, eve):
        factories.membership(group, person)
    return ben, cem, dia, eve


@pytest.fixture
def event(group, ana):
    return factories.event(
        ana,
        group,
        zone="Europe/Lisbon",
        title="Bake",
        capacity=1,
        starts_at=clock.now() + timedelta(days=40),
    )


def poll(group, by, event, said, **values):
    """Create a closed vote on two evenings; `said` contains who chose what."""
    values = {"is_anonymous": False, **values}
    vote = making.vote(group, by, event=event, kind=DATE, dates=making.evenings(10, 20), **values)
    for person, choice in said.items():
        making.says(vote, person, choice)
    vote.opens_at, vote.opened_at, vote.closes_at = (clock.now() - timedelta(days=2),) * 2 + (
        clock.now() - timedelta(days=1),
    )
    close(vote)
    return vote


def answers(event):
    rows = db.session.scalars(sa.select(Rsvp).where(Rsvp.event_id == event.id))
    return {row.user_id: row.state for row in rows}


def test_scheduling_moves_the_event_and_imports_answers_by_its_rules(group, ana, people, event):
    ben, cem, dia, eve = people
    vote = poll(group, ana, event, {ben: "1:n 2:y", cem: "1:y 2:y", dia: "2:m", eve: "1:y"})
    look = schedule_event.preview(vote)
    assert (look.option.number, look.yes, look.maybe, look.imported) == (2, 2, 1, True)

    moved = schedule_event.schedule(vote, ana)
    run_fan_outs()

    assert moved is event
    assert (event.starts_at, event.ends_at) == (vote.options[1].starts_at, vote.options[1].ends_at)
    assert event.starts_wall == time_zones.wall(event.starts_at, "Europe/Lisbon")
    assert answers(event) == {ben.id: GOING, cem.id: WAITING, dia.id: MAYBE}
    assert event.seats_taken == 1


def test_scheduling_repeatedly_has_one_effect(group, ana, people, event):
    vote = poll(group, ana, event, {people[0]: "1:y"})
    schedule_event.schedule(vote, ana)
    run_fan_outs()
    version = event.version
    assert schedule_event.schedule(vote, ana) is event
    run_fan_outs()

    assert event.version == version
    assert db.session.scalar(sa.select(sa.func.count()).where(FanOut.kind == ANSWERS)) == 1


def test_people_who_had_answered_are_told_once_and_keep_their_answer(group, ana, people, event):
    ben, cem, dia, eve = people
    rsvps.answer(event, by=ben)
    db.session.commit()
    vote = poll(group, ana, event, {ben: "1:n", cem: "1:m", dia: "1:y", eve: "1:y"})
    rsvps.answer(event, by=dia, state=NOT_GOING)
    db.session.commit()

    schedule_event.schedule(vote, ana)
    run_fan_outs()
    tell_everyone()

    assert answers(event) == {ben.id: GOING, cem.id: MAYBE, dia.id: NOT_GOING, eve.id: WAITING}
    notified = sa.select(Notification.user_id).where(Notification.kind == "event.changed")
    assert db.session.scalars(notified).all().count(ben.id) == 1


def test_a_yes_on_the_ballot_replaces_an_earlier_decline(group, ana, people, event):
    ben = people[0]
    rsvps.answer(event, by=ben, state=NOT_GOING)
    db.session.commit()
    vote = poll(group, ana, event, {ben: "1:y"})
    schedule_event.schedule(vote, ana)
    run_fan_outs()

    assert answers(event) == {ben.id: GOING}


def test_an_anonymous_poll_imports_no_answers(group, ana, people, event):
    vote = poll(group, ana, event, {people[0]: "1:y"}, is_anonymous=True)
    assert not schedule_event.preview(vote).imported
    schedule_event.schedule(vote, ana)
    run_fan_outs()

    assert event.starts_at == vote.options[0].starts_at
    assert answers(event) == {}


def test_without_an_event_scheduling_creates_a_draft_in_the_group(group, ana, people):
    vote = poll(group, ana, None, {people[0]: "2:y"})
    made = schedule_event.schedule(vote, ana)
    db.session.commit()

    assert (made.state, made.title, made.group_id, made.starts_at) == (
        DRAFT,
        vote.title,
        group.id,
        vote.options[1].starts_at,
    )
    assert schedule_event.schedule(vote, ana) is made
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 1


def test_open_tied_and_other_votes_cannot_schedule_an_event(group, ana, people, event):
    still_open = making.vote(group, ana, event=event, kind=DATE, dates=making.evenings(10, 20))
    for vote, kind in (
        (still_open, Conflict),
        (poll(group, ana, event, {}), UserError),
        (making.vote(group, ana), Conflict),
    ):
        with pytest.raises(kind):
            schedule_event.schedule(vote, ana)
        db.session.rollback()


def test_a_past_date_cannot_be_scheduled(group, ana, people, event, at):
    vote = poll(group, ana, event, {people[0]: "1:y"})
    at(vote.options[0].starts_at)
    with pytest.raises(UserError):
        schedule_event.schedule(vote, ana)


@pytest.mark.parametrize("column", ["deleted_at", "cancelled_at"])
def test_cancelled_and_deleted_events_are_not_offered_the_date(
    group, ana, people, event, browser, column
):
    vote = poll(group, ana, event, {people[0]: "1:y"})
    setattr(event, column, clock.now())
    event.state = CANCELLED if column == "cancelled_at" else event.state
    db.session.commit()
    page = browser(ana)
    page.get(vote.path)
    assert not page.page.select("#outcome a[href$='/scheduling']")
    page.get(f"{vote.path}/scheduling")
    assert "Nothing to do here" in page.text
    assert event.title not in browser(people[0]).get(vote.path).text or column == "cancelled_at"


def test_the_button_explains_its_effect_and_is_for_people_who_edit_the_event(
    group, ana, people, event, browser
):
    ben, cem, *_others = people
    vote = poll(group, ana, event, {ben: "1:y", cem: "1:m"})
    page, path = browser(ana), f"{vote.path}/scheduling"
    page.get(vote.path)
    assert page.page.select_one(f"#outcome a[href='{path}']")
    page.get(path)
    assert "1 person answered “yes” and will be going" in page.text
    page.submit("/scheduling")
    assert page.answer.status_code == 200
    assert "The event now takes place on the winning date" in page.text
    page.get(vote.path)
    assert not page.page.select("#outcome a[href$='/scheduling']")

    other = browser(ben)
    other.get(vote.path)
    assert not other.page.select("#outcome a[href$='/scheduling']")
    assert other.get(path).status_code == other.post(path).status_code == 403


def test_organizers_can_schedule_the_event_and_a_mere_author_cannot(
    group, ana, people, event, browser
):
    ben, cem, *_others = people
    factories.membership(group, lead := factories.user("Lea"), ORGANIZER)
    vote = poll(group, ana, event, {ben: "1:y"})
    vote.author_id = cem.id
    db.session.commit()

    assert browser(lead).get(f"{vote.path}/scheduling").status_code == 200
    assert browser(cem).get(f"{vote.path}/scheduling").status_code == 403
