"""Jobs of the worker for many people: notifying 5,000 people of an event, and the daily digests of
500.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from webapp.attendance import messages
from webapp.attendance.attendee_filter import AttendeeFilter
from webapp.core.db.engine import statements as counter
from webapp.core.extensions import db
from webapp.core.jobs import batches, fan_out
from webapp.events.models import Event
from webapp.notifications import digests

from ..bench import Bench, Place
from ..data import events
from ..data.sizes import today
from ..data.values import row_id
from ..load import Failed
from ..results import Result, share, statements
from . import row

DIGESTS = 500


class Work:
    """What this process uses for a job at `place`, with the time at which each step began."""

    def __init__(self, place: Place) -> None:
        self.constant = place.constant()
        self.moments: list[float] = []
        self.counted = [0]
        self.server = place.server
        self.used = time.process_time()
        self.database_used = place.server.database_seconds_used() or 0

    def step(self) -> None:
        """Note the beginning of the next step."""
        self.moments.append(time.perf_counter())

    def result(self, people: int) -> Result:
        """Return the figures of a job for this many people.

        Statements and percentiles are per step, processor time is per person.
        """
        self.step()
        seconds = self.moments[-1] - self.moments[0]
        waits = sorted(
            1000 * (after - before)
            for before, after in zip(self.moments, self.moments[1:], strict=False)
        )
        used = 1000 * (time.process_time() - self.used)
        database = (self.server.database_seconds_used() or 0) - self.database_used
        return Result(
            row="",
            rate=people / seconds,
            p50=waits[len(waits) // 2],
            p99=waits[int(len(waits) * 0.99)],
            statements=self.counted[0] / len(waits),
            cpu=used / people,
            database_cpu=1000 * database / people,
            constant=self.constant,
        )


@contextmanager
def working(place: Place) -> Iterator[Work]:
    """Let this process act as the site's worker, and count its SQL statements."""
    with place.site.app.app_context():
        work = Work(place)
        token = counter.set(work.counted)
        try:
            yield work
        finally:
            counter.reset(token)
            db.session.remove()


@row("notify 5,000 attendees", share(0.05), statements(12), databases=("postgresql",))
def many(bench: Bench) -> Result:
    """Notify all attendees; check that each has one notification and one email.

    A step is a batch of 200.
    """
    place = bench.large
    before = _notified(place)
    with working(place) as work:
        event = db.session.scalars(
            sa.select(Event).where(Event.slug == events.slug_of(events.CROWD))
        ).one()
        asked = messages.announce(
            event, event.owner, "Bring a lantern", "The path is dark by now.", AttendeeFilter()
        )
        db.session.commit()
        total, work.counted[0] = asked.total, 0

        def step(id: UUID) -> bool:
            work.step()
            return fan_out.step(id)

        assert asked.fan_out is not None
        batches.run_batches(step, str(asked.fan_out.id))
        result = work.result(total)
    lines, emails = (after - first for after, first in zip(_notified(place), before, strict=True))
    if (lines, emails) != (total, total):
        raise Failed(f"{total} people are told: {lines} lines, {emails} emails")
    result.note = f"{total} people, each with a line and an email; p50 and SQL are a slice's"
    return result


@row("daily digests of 500 people", share(0.01), statements(8), databases=("postgresql",))
def daily(bench: Bench) -> Result:
    """Send digests of three unread notifications each; check that each person has one with all of
    theirs.

    A step is a person.
    """
    place = bench.large
    first = place.site.size.drivers + 1  # the other rows use none of them
    wanted = [UUID(row_id("user", person)) for person in range(first, first + DIGESTS)]
    with working(place) as work:
        waits = (
            "UPDATE notification SET channel = 'daily' WHERE read_at IS NULL AND user_id = "
            "ANY(:wanted)"
        )
        lines = db.session.execute(sa.text(waits), {"wanted": wanted}).rowcount  # type: ignore[attr-defined]
        db.session.commit()
        work.counted[0] = 0
        work.step()
        for it in digests.due(today() + timedelta(hours=12)):
            work.step()
            digests.send(it)
            db.session.commit()
        result = work.result(DIGESTS)
    sent = place.site.ask("SELECT count(*) FROM digest")
    included = place.site.ask("SELECT count(*) FROM notification WHERE digest_id IS NOT NULL")
    if (sent, included) != (DIGESTS, lines):
        raise Failed(f"{DIGESTS} people with {lines} lines: {sent} digests with {included}")
    return result


def _notified(place: Place) -> tuple[int, int]:
    """Return the numbers of notifications and emails of hosts' announcements."""
    lines = "SELECT count(*) FROM notification WHERE kind = 'event.written'"
    return place.site.ask(lines), place.site.ask(
        "SELECT count(*) FROM outgoing_email WHERE template = 'events/written'"
    )
