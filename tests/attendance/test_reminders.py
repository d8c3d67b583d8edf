"""Reminders a day and an hour before: by local time, once per start, and only while useful."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.attendance.checking_in import MAIL, beside, guest, join_policy
from tests.events.plans import plan
from tests.fan_outs import the_fan_out
from webapp.attendance import event_reminders, rsvps
from webapp.core.extensions import db
from webapp.core.jobs import fan_out, queue
from webapp.core.time import clock, time_zones
from webapp.events import moderation, planning
from webapp.events.models import GOING, MAYBE, NOT_GOING, Rsvp
from webapp.events.models.change_notice import DAY, HOUR
from webapp.groups import groups
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")

START = datetime(2027, 5, 8, 17, 30, tzinfo=UTC)  # 18:30 in Lisbon


@pytest.fixture(autouse=True)
def long_before():
    """Plan and answer everything long before."""
    with time_machine.travel(START - timedelta(days=20), tick=False):
        yield


@pytest.fixture
def event(ana):
    return factories.event(ana, starts_at=START, zone="Europe/Lisbon", title="Eel count")


@contextmanager
def at(moment):
    """Move the clock to this moment, and run the job for reminders."""
    with time_machine.travel(moment, tick=False):
        db.session.commit()
        queue.JOBS["events.remind"]()
        db.session.commit()
        yield


def drained(app, moment):
    with at(moment):
        queue.drain(app, raising=True)
        db.session.rollback()


def reminded(*users):
    """Return the number of each reminder's notifications in these inboxes."""
    query = sa.select(Notification.kind).where(
        Notification.user_id.in_([user.id for user in users])
    )
    found = list(
        db.session.scalars(query.where(Notification.kind.in_(("event.nearing", "event.starting"))))
    )
    return found.count("event.nearing"), found.count("event.starting")


@pytest.mark.parametrize(
    ("before", "lines"),
    [
        (timedelta(hours=24, seconds=1), (0, 0)),
        (timedelta(hours=24), (1, 0)),
        (timedelta(hours=2, seconds=1), (1, 0)),  # the site was down
        (timedelta(hours=2), (0, 0)),
        (timedelta(hours=1, seconds=1), (0, 0)),
        (timedelta(hours=1), (0, 1)),
        (timedelta(seconds=1), (0, 1)),
        (timedelta(0), (0, 0)),
    ],
)
def test_reminders_are_sent_on_time_and_late_only_while_useful(app, event, ben, before, lines):
    rsvps.answer(event, by=ben)

    drained(app, START - before)

    assert reminded(ben) == lines


def test_each_reminder_is_sent_once_however_often_the_job_runs(app, event, ben):
    rsvps.answer(event, by=ben)

    for minutes in (24 * 60, 24 * 60 - 1, 600, 60, 59, 1):
        drained(app, START - timedelta(minutes=minutes))

    assert reminded(ben) == (1, 1)


def test_going_and_maybe_are_reminded_and_waiting_or_declined_are_not(app, ana, ben, cem, dia):
    event = factories.event(ana, starts_at=START, capacity=1)
    for person, state in ((ana, GOING), (ben, MAYBE), (cem, GOING), (dia, NOT_GOING)):
        rsvps.answer(event, by=person, state=state)

    drained(app, START - timedelta(hours=24))
    drained(app, START - timedelta(hours=1))

    assert [reminded(person) for person in (ana, ben, cem, dia)] == [(1, 1), (1, 0), (0, 0), (0, 0)]


def test_guests_are_reminded_by_email_with_a_link_to_their_page(app, event, emails):
    guest(event)
    emails()
    for before in (timedelta(hours=24), timedelta(hours=1)):
        drained(app, START - before)

    found = [
        email
        for email in emails()
        if email["To"] == MAIL and "You’re going" not in email["Subject"]
    ]
    assert [email["Subject"] for email in found] == [
        "Reminder: Eel count",
        "Starting soon: Eel count",
    ]
    assert all(join_policy(email) for email in found)


def withdrawn(event, ana, ben, dia):
    rsvps.withdraw(event, by=ben)


def cancelled(event, ana, ben, dia):
    planning.cancel(event, by=ana, reason="Ice")


def hidden(event, ana, ben, dia):
    moderation.hide(event, dia)


def put_away(event, ana, ben, dia):
    groups.delete(event.group, by=ana)


def moved_away(event, ana, ben, dia):
    other = plan(starts=event.starts_wall + timedelta(days=3), zone=event.zone)
    planning.update(event, other, by=ana, version=event.version, tell_people=False)


@pytest.mark.parametrize("act", [withdrawn, cancelled, hidden, put_away, moved_away])
@pytest.mark.parametrize("when", ["before", "between", "in the outbox"])
def test_no_reminder_is_sent_when_the_event_does_not_take_place_for_someone(
    app, ana, ben, dia, act, when
):
    event = factories.event(ana, factories.group(ana, ben), starts_at=START)
    rsvps.answer(event, by=ben)
    db.session.commit()
    app.extensions["queue"].clear()
    if when == "before":
        act(event, ana, ben, dia)
        drained(app, START - timedelta(hours=1))
        assert reminded(ben) == (0, 0)
        return
    with at(START - timedelta(hours=24)):
        if when == "in the outbox":
            fan_out_id = the_fan_out(None, f"event.{DAY}")
            fan_out.step(fan_out_id)
        act(event, ana, ben, dia)
        db.session.commit()
        queue.drain(app, raising=True)
        db.session.rollback()
        query = sa.select(OutgoingEmail.state).where(OutgoingEmail.template == "events/nearing")
        assert set(db.session.scalars(query)) <= {"dropped"}
        assert reminded(ben) == ((1, 0) if when == "in the outbox" else (0, 0))


def test_a_moved_event_has_reminders_for_its_new_start(app, event, ana, ben):
    rsvps.answer(event, by=ben)
    drained(app, START - timedelta(hours=24))
    with time_machine.travel(START - timedelta(hours=20), tick=False):
        later = plan(starts=event.starts_wall + timedelta(days=2), zone=event.zone)
        planning.update(event, later, by=ana, version=event.version)
        db.session.commit()

    drained(app, START)
    assert reminded(ben) == (1, 0)
    drained(app, START + timedelta(hours=24))
    drained(app, START + timedelta(hours=47))

    assert reminded(ben) == (2, 1)


def test_reminders_due_before_the_event_existed_are_skipped(app, ana, ben):
    with time_machine.travel(START - timedelta(hours=20), tick=False):
        event = factories.event(ana, starts_at=START)
        rsvps.answer(event, by=ben)
        db.session.commit()

    drained(app, START - timedelta(hours=19))
    assert reminded(ben) == (0, 0)
    drained(app, START - timedelta(hours=1))
    assert reminded(ben) == (0, 1)


def test_an_event_moved_to_within_a_day_has_no_day_reminder(app, event, ana, ben):
    rsvps.answer(event, by=ben)
    with time_machine.travel(START - timedelta(days=3), tick=False):
        sooner = plan(
            starts=time_zones.wall(clock.now() + timedelta(hours=5), event.zone), zone=event.zone
        )
        planning.update(event, sooner, by=ana, version=event.version)
        db.session.commit()

    drained(app, START - timedelta(days=3) + timedelta(minutes=1))

    assert reminded(ben) == (0, 0)


@pytest.mark.parametrize(
    ("starts", "zone", "hours"),
    [
        (datetime(2027, 3, 28, 18), "Europe/Lisbon", 23),  # clocks went forward the night before
        (datetime(2027, 10, 31, 18), "Europe/Lisbon", 25),
        (
            datetime(2027, 3, 29, 1, 30),
            "Europe/Lisbon",
            23,
        ),  # 1:30 was skipped, so it became 2:30
        (datetime(2027, 5, 8, 18), "Asia/Kolkata", 24),
    ],
)
def test_one_day_before_is_computed_by_wall_time(starts, zone, hours):
    assert time_zones.to_utc(starts, zone) - event_reminders.day_before(starts, zone) == timedelta(
        hours=hours
    )


def test_all_day_events_have_one_reminder_at_nine_the_day_before(app, ana, ben, emails):
    midnight = time_zones.to_utc(datetime(2027, 5, 8), "Europe/Lisbon")
    length = {"ends_at": midnight + timedelta(days=2), "is_all_day": True}
    event = factories.event(ana, starts_at=midnight, zone="Europe/Lisbon", title="Camp", **length)
    ben.zone = "Asia/Kathmandu"
    rsvps.answer(event, by=ben)
    db.session.commit()

    drained(app, midnight - timedelta(hours=15, seconds=1))
    assert reminded(ben) == (0, 0)
    for before in (timedelta(hours=15), timedelta(hours=1)):
        drained(app, midnight - before)
    assert reminded(ben) == (1, 0)
    label = db.session.scalar(
        sa.select(Notification.label).where(Notification.kind == "event.nearing")
    )
    assert label == "Reminder: “Camp”, Sat 8 May – Sun 9 May, all day"
    email = emails()[-1]
    assert email["Subject"] == "Reminder: Camp"
    assert beside(email) == "Sat 8 May – Sun 9 May, all day"


def test_the_hour_reminder_is_sixty_minutes_before_across_a_clock_change(app, ana, ben):
    starts_at = time_zones.to_utc(datetime(2027, 10, 31, 1, 30), "Europe/Lisbon", fold=1)
    event = factories.event(ana, starts_at=starts_at, zone="Europe/Lisbon")
    rsvps.answer(event, by=ben)

    drained(app, starts_at - timedelta(minutes=61))
    assert reminded(ben)[1] == 0
    drained(app, starts_at - timedelta(minutes=60))
    assert reminded(ben)[1] == 1


def test_reminders_show_the_time_in_the_recipients_zone(app, event, ben, emails):
    ben.zone = "Asia/Kathmandu"
    rsvps.answer(event, by=ben)
    db.session.commit()
    emails()

    with at(START - timedelta(hours=24)):
        email = emails()[-1]

    assert email["Subject"] == "Reminder: Eel count"
    assert beside(email) == "Saturday 8 May 2027, 23:15"
    words = email.get_body(("plain",)).get_content()
    assert "When: Saturday 8 May 2027, 18:30 (Lisbon)" in words
    assert "Your time: Saturday 8 May 2027, 23:15 (Kathmandu)" in words
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_two_parallel_jobs_send_one_reminder(event, ben):
    rsvps.answer(event, by=ben)
    with time_machine.travel(START - timedelta(hours=24), tick=False):
        (due,) = event_reminders.due(clock.now())

        assert [event_reminders.send(due), event_reminders.send(due)] == [True, False]
        assert event_reminders.due(clock.now()) == []


def test_after_a_worker_dies_each_person_is_reminded_once(app, event, monkeypatch):
    monkeypatch.setattr(fan_out, "BATCH_SIZE", 2)
    with factories.together():
        people = [factories.user() for _ in range(5)]
        db.session.add_all(
            [Rsvp(event_id=event.id, user_id=person.id, state="going") for person in people]
        )
    with at(START - timedelta(hours=1)):
        app.extensions["queue"].clear()
        fan_out_id = the_fan_out(None, f"event.{HOUR}")
        fan_out.step(fan_out_id)
        db.session.commit()
        fan_out.step(fan_out_id)
        db.session.rollback()  # killed within the second batch
    with time_machine.travel(START - timedelta(minutes=55), tick=False):
        queue.JOBS["fan_out.sweep"]()
        queue.drain(app, raising=True)
        db.session.rollback()

    assert reminded(*people) == (0, 5)
