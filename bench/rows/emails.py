"""Emails sent by one worker as in production: from the outbox, through Redis, by SMTP. The SMTP
server drops them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.mail import outbox
from webapp.mail.models import SENT, OutgoingEmail

from .. import processes
from ..bench import Bench, Place
from ..data import answers, events, people
from ..data.values import row_id
from ..load import Failed
from ..results import Result, at_least, cpu
from ..staff import drop_backlog, staffed
from . import row

#: Emails sent before measuring, so that the worker has connected and compiled its templates.
FIRST = 20
EACH_SECOND = 60
#: Seconds within which all must be sent, even on a busy machine.
PATIENCE = 120


@row(
    "emails of one worker",
    at_least("rate", EACH_SECOND, f"≥ {EACH_SECOND} emails/s"),
    cpu(15),
)
def emails(bench: Bench) -> Result:
    """Confirmations of answers to an event. On SQLite a thread of the web process sends them."""
    place = bench.small
    number = max(FIRST, round(EACH_SECOND * bench.seconds))
    drop_backlog(place.site)
    with _sender(place) as pid:
        _send(place, FIRST)
        place.server.rest()
        used, database = processes.seconds_of_family(pid), place.server.database_seconds_used()
        rate = _send(place, number)
        used = processes.seconds_of_family(pid) - used
        pss = processes.megabytes_of_family(pid)
    result = Result("", rate=rate, cpu=used * 1000 / number, pss=pss)
    if database is not None:
        now = place.server.database_seconds_used() or 0
        result.database_cpu = (now - database) * 1000 / number
    result.figures = {"rate": rate}
    result.note = f"{number} emails; requests/s are emails a second"
    return result


@contextmanager
def _sender(place: Place) -> Iterator[int]:
    """Yield the id of the process that, with its children, sends emails."""
    if place.site.on_sqlite:
        yield place.server.process.pid
        return
    with staffed(place.site, "worker") as staff:
        yield staff.running["worker"].pid


def _send(place: Place, number: int) -> float:
    """Send this many emails; return how many were sent a second, from the first to the last."""
    given = answers.of(events.CROWD, place.site.size)
    going = [answer.person for answer in given if answer.state == "going"]
    with place.site.app.app_context():
        rows = [_enqueued(going[turn % len(going)]) for turn in range(number)]
        ids = [row.id for row in rows]
        db.session.commit()
        if not processes.eventually(lambda: _sent(ids)[0] == number, PATIENCE):
            raise Failed(f"{_sent(ids)[0]} of {number} emails were sent")
        _count, first, last = _sent(ids)
    assert first is not None
    assert last is not None
    return (number - 1) / max((last - first).total_seconds(), 0.001)


def _enqueued(person: int) -> OutgoingEmail:
    """Queue the email that confirms this person's answer."""
    about = {"event": str(UUID(row_id("event", events.CROWD))), "state": "going", "party": "1"}
    user = str(UUID(row_id("user", person)))
    return outbox.enqueue_email("events/answered", people.email_of(person), user=user, **about)


def _sent(ids: list[UUID]) -> tuple[int, datetime | None, datetime | None]:
    """Return the number of these emails that have been sent, and when the first and the last
    were.
    """
    time.sleep(0.2)  # leave the processor to the worker
    ended = OutgoingEmail.ended_at
    wanted = sa.select(sa.func.count(), sa.func.min(ended), sa.func.max(ended)).where(
        OutgoingEmail.id.in_(ids), OutgoingEmail.state == SENT
    )
    count, first, last = db.session.execute(wanted).one()
    db.session.rollback()
    return count, first, last
