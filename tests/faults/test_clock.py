"""One machine's clock is wrong; and the nights in which all clocks change."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import factories
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.time import time_zones

from .fault_site import fault_site

pytestmark = pytest.mark.faults

#: Seconds until the control gives up, even on a busy machine; less than the lease.
PATIENCE = 120
FIRST = "person0@example.org"


def an_hour_ahead(place, without="", patience=PATIENCE):
    """Return (emails, attempts, seconds) for an email that one worker is sending while another's
    clock is an hour ahead.

    The seconds are those until it was taken again; None if it wasn't within `patience`.
    """
    with fault_site(
        place, "worker", without=without, MAIL_LEASE_SECONDS="200", MAIL_TIMEOUT="150"
    ) as here:
        here.office.data_answers.append("slow")
        here.post(1)
        assert here.office.holding.wait(PATIENCE), here.site.logs()
        here.start("worker 2", AHEAD="3600", SWEEP="2")
        here.start("clock 2", AHEAD="3600", SWEEP="2")
        here.post(1, who="other")
        assert (
            here.wait(
                lambda: "other0@example.org" in {email["To"] for email in here.office.emails},
                PATIENCE,
            )
            is not None
        )
        taken = here.wait(
            lambda: tries(here) > 1, patience
        )  # the second worker is running, and sweeps a few more times
        here.office.speak()
        here.wait(here.all_sent, 20)
        time.sleep(1)
        return sum(email["To"] == FIRST for email in here.office.emails), tries(here), taken


def tries(here):
    """Return how often the first email was taken."""
    return {row[1]: row[3] for row in here.emails()}[FIRST]


def test_a_clock_jump_does_not_break_leases(row, folder):
    row.fault = "clock jump"
    row.expected = (
        "leases go by the database's clock: a worker whose own is an hour ahead takes no email "
        "that another is sending"
    )
    row.made = (
        "a second worker and clock with time-machine, +3600 s, while the first is talking to "
        "the SMTP server; lease 200 s"
    )
    control, taken, seconds = an_hour_ahead(folder / "without", "database-clock")
    row.control = f"with its own clock instead: emails {control} of 1, attempts {taken}"
    assert taken > 1
    emails, attempts, _never = an_hour_ahead(folder / "with", patience=2 * seconds + 8)
    row.figure = f"emails {emails} of 1, attempts {attempts}"

    assert (emails, attempts) == (1, 1)


NIGHTS = {
    "Europe/Lisbon": ("2026-10-24", "2027-03-27"),
    "America/New_York": ("2026-10-31", "2027-03-13"),
    "Asia/Kolkata": ("2026-10-24",),
}


def is_closed(event, moment):
    """Whether answers are closed at this time."""
    with time_machine.travel(moment, tick=False):
        return rsvps.closed_because(event) is not None


@pytest.mark.usefixtures("context")
def test_deadlines_stay_right_when_the_clocks_change(row, ana):
    row.fault = "DST"
    row.expected = (
        "deadlines by UTC: answers close at the moment that was promised, also when the hour "
        "comes twice or never"
    )
    row.made = (
        "time-machine through five nights in three zones, every 10 minutes, an answers’ deadline "
        "at every half hour"
    )
    wrong = naive = number = 0
    for zone, nights in NIGHTS.items():
        for night in nights:
            start = datetime.fromisoformat(night).replace(hour=22, tzinfo=UTC)
            with time_machine.travel(start - timedelta(days=1), tick=False):
                event = factories.event(ana, starts_at=start + timedelta(days=1), zone=zone)
            for half in range(20):
                event.rsvp_deadline = until = start + timedelta(minutes=30 * half)
                for step in range(-9, 10):
                    moment = until + timedelta(minutes=10 * step)
                    number += 1
                    wrong += is_closed(event, moment) != (moment >= until)
                    naive += (time_zones.wall(moment, zone) >= time_zones.wall(until, zone)) != (
                        moment >= until
                    )
            db.session.rollback()
    row.figure = f"{number} looks, {wrong} wrong"
    row.control = f"by wall time: {naive} wrong"

    assert wrong == 0
    assert naive > 0
