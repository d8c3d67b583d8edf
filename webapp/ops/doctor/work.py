"""Background work: whether it is done, and whether it went well lately."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from redis.exceptions import RedisError
from rq import Worker

from ...accounts.models import User
from ...core.db import site_flags
from ...core.extensions import db
from ...core.redis_client import connect
from ...core.text.strings import number_of
from ...core.time import clock
from ...mail import dead_letters, pause
from ...mail.models import QUEUED, SENDING, OutgoingEmail
from ...voting.secret import purge as clearing
from ..backup import making
from ..retention import purge
from .findings import Finding, bad, good, odd

LATE = timedelta(minutes=5)
WAITED_LONG = timedelta(minutes=30)
OLD_BACKUP = timedelta(days=7)
OLD_PURGE = timedelta(days=3)
DAY = timedelta(days=1)


def alive() -> Iterator[Finding]:
    """Check that the clock and a worker have run in the last minutes."""
    mark = site_flags.get(site_flags.HEARTBEAT)
    if mark is not None and clock.now() - mark.at < LATE:
        yield good(f"work: the clock and a worker last ran {_ago(mark.at)}")
        return
    since = _ago(mark.at) if mark else "never"
    yield bad(f"work: the clock and a worker last ran: {since}", _who_is_missing())


def _who_is_missing() -> str:
    url = current_app.config["REDIS_URL"]
    if not url:
        return "Start the web server (gunicorn): it does this work itself."
    try:
        workers = len(Worker.all(connection=connect(url)))
    except (RedisError, OSError):
        return "Fix Redis first."
    if not workers:
        return "Start `flask worker`, and `flask clock`."
    return f"{number_of(workers, 'worker')} running: start `flask clock`."


def emails() -> Iterator[Finding]:
    """Check that emails are sent, and none is undeliverable."""
    if (began := pause.since()) is not None:
        yield odd(
            f"email: paused by a restore {_ago(began)}; nothing is sent",
            "`flask held-mail` lists waiting emails; `flask held-mail --release` sends them.",
        )
    dead = dead_letters.count()
    if dead:
        remedy = (
            "`flask dead-letters` lists them with the reason. Once that is fixed, "
            "`flask dead-letters --retry-all` tries them again."
        )
        yield odd(f"email: {number_of(dead, 'email')} not delivered in the last 30 days", remedy)
    oldest = _oldest_due()
    if oldest is not None and clock.now() - oldest > WAITED_LONG and began is None:
        yield bad(
            f"email: one was due {_ago(oldest)} and hasn't been sent",
            "Emails aren't being sent: see “work” above.",
        )
    elif not dead and began is None:
        yield good("email: nothing is stuck")


def _oldest_due() -> datetime | None:
    due = sa.select(sa.func.min(OutgoingEmail.due_at)).where(
        OutgoingEmail.state.in_((QUEUED, SENDING)), OutgoingEmail.due_at <= clock.now()
    )
    return db.session.scalar(due)


def ballots() -> Iterator[Finding]:
    """Check that traces from secret ballots to voters are deleted in time."""
    mark = site_flags.get(clearing.FAILED)
    if mark is None:
        yield good("votes: secret ballots are mixed on time")
        return
    remedy = (
        "Something is locking the secret vote tables, such as pg_dump or an open transaction "
        "(pg_stat_activity lists it), "
        "or on SQLite a program reading the file. Stop it; the site tries again every minute. "
        "The log has the error."
    )
    yield bad(
        f"votes: secret ballots couldn't be mixed, or a vote closed; first {_ago(mark.at)}",
        remedy,
    )


def backups() -> Iterator[Finding]:
    """Check that there is a recent backup."""
    mark = site_flags.get(making.DONE)
    remedy = "Run `flask backup` every night, and copy the archive to another machine."
    if mark is None and _is_new(DAY):
        yield good("backup: none yet; run `flask backup` every night")
    elif mark is None:
        yield odd("backup: none has ever been made", remedy)
    elif clock.now() - mark.at > OLD_BACKUP:
        yield odd(f"backup: the latest was made {_ago(mark.at)}", remedy)
    else:
        yield good(f"backup: the latest was made {_ago(mark.at)}")


def purging() -> Iterator[Finding]:
    """Check that expired data is deleted, as /privacy/retention promises."""
    mark = site_flags.get(purge.DONE)
    if mark is not None and clock.now() - mark.at < OLD_PURGE:
        yield good(f"purge: last run {_ago(mark.at)}")
    elif mark is None and _is_new(OLD_PURGE):
        yield good("purge: not due yet")
    else:
        words = _ago(mark.at) if mark else "never"
        yield odd(f"purge: last run {words}", "It runs every day; run `flask purge` to do it now.")


def _is_new(age: timedelta) -> bool:
    """Return whether the site's first account is younger than this, or there is none yet."""
    first = db.session.scalar(sa.select(sa.func.min(User.created_at)))
    return first is None or clock.now() - first < age


def _ago(moment: datetime) -> str:
    """Return how long ago, in one unit."""
    seconds = int((clock.now() - moment).total_seconds())
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{number_of(seconds // size, unit)} ago"
    return f"{number_of(max(seconds, 0), 'second')} ago"
