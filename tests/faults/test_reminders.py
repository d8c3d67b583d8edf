"""A worker is killed with -9 while reminders are sent, and the queue in Redis is lost."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core.extensions import db
from webapp.core.jobs.fan_out import FanOut
from webapp.events.models import Rsvp
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification

from .fault_site import end, fault_site

pytestmark = pytest.mark.faults

PEOPLE = 30


def notified():
    """Return how often each notified person's inbox contains the reminder."""
    each = (
        sa.select(sa.func.count())
        .where(Notification.kind == "event.starting")
        .group_by(Notification.user_id)
    )
    found = list(db.session.scalars(each))
    db.session.rollback()
    return found


def deaths(place, without=""):
    """Return (people who weren't notified, people notified twice, additional emails) after the
    worker was killed while sending reminders.
    """
    with fault_site(place, "clock", without=without, SLICE="5", SLICE_TAKES="1") as here:
        with factories.together():
            ana = factories.user("Ana")
            before = {
                "created_at": datetime(2026, 1, 1, tzinfo=UTC),
                "published_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
            event = factories.event(
                ana, starts_at=datetime.now(UTC) + timedelta(minutes=50), **before
            )
            people = [factories.user() for _ in range(PEOPLE)]
            db.session.add_all(
                [Rsvp(event_id=event.id, user_id=person.id, state="going") for person in people]
            )
        here.start("worker")
        assert here.wait(lambda: 0 < len(notified()) < PEOPLE, 240) is not None, here.site.logs()
        horses = here.horses()
        here.kill("worker")
        end(horses)
        here.redis_cli("FLUSHALL")
        here.start("worker")
        seconds = here.wait(lambda: _is_over() and here.all_sent(), 30 if without else 300)
        found = notified()
        emails = db.session.scalar(
            sa.select(sa.func.count()).where(OutgoingEmail.template == "events/starting")
        )
        db.session.rollback()
        return PEOPLE - len(found), sum(number - 1 for number in found), emails - PEOPLE, seconds


def _is_over():
    over = db.session.scalar(
        sa.select(sa.func.count()).where(FanOut.kind == "event.hour", FanOut.ended_at.is_not(None))
    )
    db.session.rollback()
    return bool(over)


def test_reminders_are_sent_once_after_a_worker_is_killed(row, folder):
    row.fault = "worker killed (-9) amid reminders, and Redis emptied"
    row.expected = (
        "everyone who is going is reminded, each once: the next worker goes on where the slice "
        "before had ended"
    )
    row.made = (
        f"SIGKILL of the worker and its child while {PEOPLE} people are reminded in slices of 5"
    )
    missing, twice, emails, seconds = deaths(folder / "with")
    row.figure = (
        f"not reminded {missing}, twice {twice}, emails too many {emails}, all out after "
        f"{seconds or float('inf'):.1f} s"
    )
    lost, _twice, _emails, _seconds = deaths(folder / "without", "news-sweep")
    row.control = f"without the sweep: not reminded {lost}"

    assert (missing, twice, emails, seconds is not None) == (0, 0, 0, True)
    assert lost
