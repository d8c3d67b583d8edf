"""The checks of each part, and what counts as late."""

import shutil
import time
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import current_app

from ...core import smtp_server
from ...core.db import migrations, site_flags
from ...core.extensions import db
from ...core.jobs import queue as queues
from ...core.redis_client import connect
from ...core.storage.files import StorageUnavailable, files as stored
from ...mail import status
from ...voting.secret import purge
from ..doctor.machine import FULL, MEGABYTE, NEARLY_FULL, volumes
from . import Check, HealthPart

#: Seconds after which the clock, or a worker, counts as stopped.
TICKS, HEARTBEATS = 30, 45
#: Seconds that a job, or a due email, may wait.
JOB_WAITS, EMAIL_WAITS = 60, 120


def all_checks() -> list[Check]:
    """Return the checks for the parts that this site has."""
    return [
        database,
        *([redis] if current_app.config["REDIS_URL"] else []),
        queue,
        clock,
        files,
        mail,
    ]


def database(part: HealthPart) -> None:
    """Check that the database responds and has all tables of this version."""
    started = time.perf_counter()
    with db.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        part.ms = round((time.perf_counter() - started) * 1000, 1)
        behind = migrations.is_behind(connection)
        unmixed = not behind and connection.scalar(sa.select(site_flags.is_set(purge.FAILED)))
    part.facts = {"engine": db.engine.dialect.name, "migrations": "waiting" if behind else "done"}
    if behind:
        part.fails("migrations")
    elif unmixed:
        part.is_late("ballots_unmixed")


def redis(part: HealthPart) -> None:
    """Check that Redis responds and can store something: a full one can't."""
    started = time.perf_counter()
    with connect(current_app.config["REDIS_URL"]) as connection:
        connection.ping()
        part.ms = round((time.perf_counter() - started) * 1000, 1)
        connection.set("folkmoot:health", "1", ex=60)


def queue(part: HealthPart) -> None:
    """Check that a worker runs, and no job waits long."""
    state = queues.state(current_app._get_current_object())  # type: ignore[attr-defined]
    fresh = [age for age in state.heartbeats if age <= HEARTBEATS]
    part.facts = {
        "jobs": state.jobs,
        "oldest_seconds": state.oldest,
        "workers": len(fresh),
        "working": state.working,
    }
    part.facts["heartbeat_seconds"] = min(state.heartbeats, default=None)
    part.facts |= {"failed": state.failed, "failing": state.failing}
    if not fresh:
        part.fails("no_worker")
    elif (state.oldest or 0) > JOB_WAITS:
        part.is_late("jobs_wait")
    elif state.failed or state.failing:
        part.is_late("jobs_failed")


def clock(part: HealthPart) -> None:
    """Check that the clock has just run."""
    ticked = current_app.extensions["queue"].since_tick()
    part.facts = {"tick_seconds": ticked}
    if ticked is None or ticked > TICKS:
        part.fails("stopped")


def files(part: HealthPart) -> None:
    """Check that uploads can be written and read."""
    part.facts = {"store": "bucket" if current_app.config["FILES_URL"] else "disk"}
    free = min(shutil.disk_usage(folder).free for folder in volumes())
    part.facts["free_megabytes"] = free // MEGABYTE
    if free < FULL:
        part.fails("full")
    elif free < NEARLY_FULL:
        part.is_late("nearly_full")
    try:
        stored().check()
    except StorageUnavailable:
        part.fails("shut")


def mail(part: HealthPart) -> None:
    """Check that the mail server responds, and no email waits long."""
    state = status.outbox_status()
    last = state.pop("last_sent_at")
    part.facts = {
        **state,
        "last_sent_seconds": last and round((datetime.now(UTC) - last).total_seconds()),
    }
    if state["oldest_seconds"] > EMAIL_WAITS:
        part.is_late("emails_wait")
    if state["died_today"]:
        part.is_late("emails_died")
    part.facts["smtp"], part.ms = smtp_server.reachable()
    if part.facts["smtp"] not in ("answers", "folder"):
        part.fails("smtp")
