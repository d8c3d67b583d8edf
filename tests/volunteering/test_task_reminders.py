"""Reminders of tasks and shifts the day before, once per due time."""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from tests.volunteering.helping import comes, notified, shift, task
from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.events import planning
from webapp.notifications.models import Notification
from webapp.volunteering import notifications, shifts, task_reminders, tasks
from webapp.volunteering.models import DONE, TODO

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana, ben):
    event = factories.event(ana)
    comes(event, ben)
    return event


def remind(moment):
    with time_machine.travel(moment, tick=False):
        task_reminders.remind_helpers()
    db.session.rollback()  # what the job hasn't committed wasn't done


def wall(event, **before):
    return time_zones.wall(event.starts_at, event.zone) - timedelta(**before)


def test_task_reminders_are_sent_once_the_day_before(event, ana, ben):
    cups = task(event, ana, due=wall(event))
    task(event, ana, "By nobody", due=wall(event))
    tasks.take(event, cups.id, by=ben)
    shifts.claim(event, shift(event, ana).id, by=ben)
    db.session.commit()

    remind(event.starts_at - timedelta(hours=25))
    assert notified(ben) == []
    for _ in range(2):
        remind(event.starts_at - timedelta(hours=23))
    assert notified(ben) == ["task.due", "task.due"]
    assert notified(ana) == []


def test_changed_due_dates_are_reminded_again_and_done_tasks_never(event, ana, ben):
    cups, done = (task(event, ana, title, due=wall(event)) for title in ("Cups", "Done"))
    for one in (cups, done):
        tasks.take(event, one.id, by=ben)
    tasks.move(event, done.id, ben, TODO, DONE)
    remind(event.starts_at - timedelta(hours=23))
    assert notified(ben) == ["task.due"]

    tasks.change(
        event,
        cups,
        by=ana,
        version=cups.version,
        title="Cups",
        who=f"@{ben.handle}",
        due=wall(event, hours=2),
    )
    remind(event.starts_at - timedelta(hours=22))
    assert notified(ben) == ["task.due", "task.due"]


def test_cancelled_events_and_past_due_dates_send_no_reminders(event, ana, ben):
    cups = task(event, ana, due=wall(event))
    tasks.take(event, cups.id, by=ben)
    db.session.commit()
    remind(event.starts_at + timedelta(minutes=1))

    planning.cancel(event, by=ana, reason="Rain")
    db.session.commit()
    remind(event.starts_at - timedelta(hours=1))

    assert notified(ben) == []


def test_events_of_a_deleted_group_send_no_task_reminders(ana, ben):
    group = factories.group(ana, ben)
    event = factories.event(ana, group)
    comes(event, ben)
    tasks.take(event, task(event, ana, due=wall(event)).id, by=ben)
    group.deleted_at = clock.now()
    db.session.commit()
    remind(event.starts_at - timedelta(hours=1))
    assert notified(ben) == []

    group.deleted_at = None
    db.session.commit()
    remind(event.starts_at - timedelta(hours=1))
    assert notified(ben) == ["task.due"]


def test_a_failure_at_one_event_does_not_stop_reminders_of_others(ana, ben, monkeypatch):
    events = [factories.event(ana, title=title) for title in ("Broken", "Whole", "Broken too")]
    for event in events:
        comes(event, ben)
        tasks.take(event, task(event, ana, event.title, due=wall(event)).id, by=ben)
    db.session.commit()
    tell = notifications.due
    fails = lambda event, *more: 1 / 0 if "Broken" in event.title else tell(event, *more)  # noqa: E731
    monkeypatch.setattr(notifications, "due", fails)

    remind(events[0].starts_at - timedelta(hours=1))

    (line,) = db.session.query(Notification).filter_by(kind="task.due").all()
    assert line.params["what"] == "Whole"
