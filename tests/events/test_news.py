"""Notifications about an event: sent in slices, once each, and after a pause for changes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.events.change_notices import pause_is_over, tell_everyone
from tests.events.plans import plan
from tests.fan_outs import kill_and_resume, the_fan_out
from tests.groups.racing import at_once
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.core.jobs import fan_out, queue
from webapp.core.jobs.fan_out import FanOut
from webapp.core.time import clock
from webapp.events import change_notices, moderation, planning
from webapp.events.models import DRAFT, MAYBE, NOT_GOING, EventNotice, Rsvp
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def small_slices(monkeypatch):
    monkeypatch.setattr(fan_out, "BATCH_SIZE", 3)


def notified(kind):
    query = sa.select(Notification).where(Notification.kind == kind).order_by(Notification.id)
    return list(db.session.scalars(query))


def times_notified(kind):
    each = (
        sa.select(sa.func.count()).where(Notification.kind == kind).group_by(Notification.user_id)
    )
    return db.session.scalars(each).all()


def crowd(event, number):
    """Add this many attendees."""
    with factories.together():
        people = [factories.user() for _ in range(number)]
        db.session.add_all(
            [Rsvp(event_id=event.id, user_id=person.id, state="going") for person in people]
        )
        event.seats_taken += number
    return people


def cancelled(ana, number):
    """Create a cancelled event of which this many people are to be notified, and lose the
    wake-up.
    """
    event = factories.event(ana)
    crowd(event, number)
    planning.cancel(event, by=ana, reason="Ice")
    db.session.commit()
    notice = sa.select(EventNotice.id).where(EventNotice.event_id == event.id)
    return the_fan_out(db.session.scalar(notice))


@pytest.mark.parametrize("number", [0, 1, 3, 7])
def test_many_people_are_notified_in_slices_once_each(app, ana, small_slices, number):
    cancelled(ana, number)
    assert notified("event.cancelled") == []  # not part of the request

    db.session.rollback()
    queue.drain(app, raising=True)

    assert times_notified("event.cancelled") == [1] * number
    row = db.session.scalar(sa.select(EventNotice))
    assert (row.notified, row.total, row.is_running) == (number, number, False)


def test_a_slice_takes_the_same_statements_for_three_and_thirty(ana, statements_of):
    def of(number):
        fan_out_id = cancelled(ana, number)
        return statements_of(lambda: (fan_out.step(fan_out_id), db.session.commit()))

    assert of(3) == of(30)


def test_after_a_worker_dies_the_next_continues_where_it_stopped(app, ana, small_slices):
    fan_out_id = cancelled(ana, 10)
    app.extensions["queue"].clear()
    kill_and_resume(app, fan_out_id)

    assert times_notified("event.cancelled") == [1] * 10


def test_control_without_the_stored_position_people_are_notified_twice(app, ana, small_slices):
    fan_out_id = cancelled(ana, 5)
    fan_out.step(fan_out_id)
    db.session.execute(sa.update(FanOut).values(after=None))
    db.session.commit()
    queue.drain(app, raising=True)

    assert max(times_notified("event.cancelled")) == 2


def test_two_parallel_workers_notify_each_person_once(app, ana, small_slices):
    fan_out_id = str(cancelled(ana, 9))
    app.extensions["queue"].clear()
    db.session.remove()

    assert at_once(app, [lambda: queue.JOBS[fan_out.JOB](fan_out_id)] * 2) == ["done", "done"]
    assert times_notified("event.cancelled") == [1] * 9


@pytest.mark.parametrize("act", ["publish", "update", "cancel"])
def test_the_hosts_request_takes_the_same_statements_for_three_and_thirty(ana, statements_of, act):
    def of(number):
        group = factories.group(ana)
        event = factories.event(
            ana, group, **({"state": DRAFT, "published_at": None} if act == "publish" else {})
        )
        for person in crowd(event, number):
            factories.membership(group, person)
        acts = {
            "publish": lambda: planning.publish(event, by=ana),
            "update": lambda: planning.update(
                event, plan(venue="Weir"), by=ana, version=event.version
            ),
            "cancel": lambda: planning.cancel(event, by=ana, reason="Ice"),
        }
        db.session.commit()
        return statements_of(acts[act])

    assert of(3) == of(30)


def test_a_new_time_is_announced_after_a_pause_with_the_changes(app, ana, ben, emails):
    noon = (clock.now() + timedelta(days=3)).replace(hour=12, minute=0)
    event = factories.event(ana, zone="Europe/Lisbon", venue="Mill", starts_at=noon)
    rsvps.answer(event, by=ben)
    db.session.commit()
    emails()
    later = plan(title=event.title, starts=event.starts_wall + timedelta(hours=1), venue="Old weir")
    planning.update(event, later, by=ana, version=event.version)
    db.session.commit()
    assert [email["Subject"] for email in emails() if "New time" in email["Subject"]] == []

    with time_machine.travel(clock.now() + change_notices.PAUSE):
        queue.JOBS["fan_out.sweep"]()
        (email,) = [email for email in emails() if "New time" in email["Subject"]]
    words = email.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "Where: Old weir\nBefore: Mill\n" in words
    assert f"{later.starts:%H:%M}–{later.ends:%H:%M}\nBefore: " in words
    (line,) = notified("event.changed")
    assert line.label.endswith(", at a new place: Old weir")


def test_two_changes_within_the_pause_are_announced_once(ana, ben):
    event = factories.event(ana, venue="Mill")
    rsvps.answer(event, by=ben)
    first = plan(title=event.title, venue="Wear")
    planning.update(event, first, by=ana, version=event.version)
    planning.update(
        event,
        plan(title=event.title, starts=first.starts, venue="Weir"),
        by=ana,
        version=event.version,
    )

    tell_everyone()

    (line,) = notified("event.changed")
    assert "Weir" in line.label
    (row,) = db.session.scalars(sa.select(EventNotice)).all()
    assert row.words["before"]["venue"] == "Mill"
    planning.update(
        event,
        plan(title=event.title, starts=first.starts, venue="Barn"),
        by=ana,
        version=event.version,
    )
    tell_everyone()
    assert len(notified("event.changed")) == 2


def test_reverted_changes_are_not_announced(ana, ben):
    event = factories.event(ana, venue="Mill")
    rsvps.answer(event, by=ben)
    same = plan(title="Same", venue="Mill")
    planning.update(event, same, by=ana, version=event.version, tell_people=False)
    planning.update(event, plan(starts=same.starts, venue="Weir"), by=ana, version=event.version)
    planning.update(event, plan(starts=same.starts, venue="Mill"), by=ana, version=event.version)

    tell_everyone()

    assert notified("event.changed") == []


def test_continued_changes_do_not_extend_the_pause_forever(ana, ben):
    event = factories.event(ana)
    rsvps.answer(event, by=ben)
    starts = plan().starts
    with time_machine.travel(clock.now(), tick=False) as clocks:
        for number in range(8):
            planning.update(
                event, plan(starts=starts, venue=f"Place {number}"), by=ana, version=event.version
            )
            row = db.session.scalar(sa.select(EventNotice))
            clocks.shift(timedelta(minutes=1, seconds=30))

    assert row.fan_out.due_at == row.created_at + change_notices.LONGEST_PAUSE


def test_hosts_can_announce_a_change_at_once_or_not_at_all(app, browser, ana, ben):
    event = factories.event(ana, venue="Mill")
    rsvps.answer(event, by=ben)
    db.session.commit()
    starts = plan().starts
    for number, button in enumerate(("withdrawal", "telling")):
        db.session.refresh(event)
        planning.update(
            event, plan(starts=starts, venue=f"Weir {number}"), by=ana, version=event.version
        )
        db.session.commit()
        page = browser(ana)
        page.get(f"{event.path}/manage/messages")
        assert "We’ll tell the 1 person who answered" in page.text
        page.submit(f"/{button}")
        db.session.rollback()
    queue.drain(app, raising=True)

    rows = db.session.scalars(sa.select(EventNotice).order_by(EventNotice.id)).all()
    assert [(row.is_running, row.notified) for row in rows] == [(False, 0), (False, 1)]
    change_notices.withdraw(event, rows[0])  # pressed twice
    change_notices.send_now(event, rows[1])
    assert [(row.is_running, row.notified) for row in rows] == [(False, 0), (False, 1)]
    for late, row in ((change_notices.withdraw, rows[1]), (change_notices.send_now, rows[0])):
        with pytest.raises(Conflict):
            late(event, row)


def test_changes_of_a_cancelled_event_are_not_announced(ana, ben):
    event = factories.event(ana)
    rsvps.answer(event, by=ben)
    planning.update(event, plan(venue="Weir"), by=ana, version=event.version)
    planning.cancel(event, by=ana, reason="Ice")

    tell_everyone()

    assert (len(notified("event.changed")), len(notified("event.cancelled"))) == (0, 1)


def test_decliners_and_the_acting_host_are_not_notified(ana, ben, cem, dia):
    event = factories.event(ana)
    for person, state in ((ana, "going"), (ben, NOT_GOING), (cem, MAYBE)):
        rsvps.answer(event, by=person, state=state)
    planning.cancel(event, by=ana, reason="Ice")

    tell_everyone()

    assert [line.user_id for line in notified("event.cancelled")] == [cem.id]


def test_a_new_event_that_is_hidden_at_once_is_not_announced(ana, ben, dia):
    group = factories.group(ana, ben)
    event = factories.event(ana, group, state=DRAFT, published_at=None)
    planning.publish(event, by=ana)
    moderation.hide(event, dia)

    tell_everyone()

    assert notified("event.published") == []


def test_an_early_job_does_not_start_a_pending_announcement(ana, ben):
    event = factories.event(ana)
    rsvps.answer(event, by=ben)
    planning.update(event, plan(venue="Weir"), by=ana, version=event.version)
    fan_out_id = the_fan_out()

    assert fan_out.step(fan_out_id) is False
    assert notified("event.changed") == []
    pause_is_over()
    assert fan_out.due(clock.now() + timedelta(seconds=1)) == [fan_out_id]
