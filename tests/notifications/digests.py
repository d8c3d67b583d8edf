"""Helpers for tests of digests: people's digests, and the clock's ticks."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
import time_machine

from tests import factories
from webapp.core.extensions import db
from webapp.mail.models import OutgoingEmail
from webapp.notifications import jobs, preferences
from webapp.notifications.models import DIGEST, WEEKLY
from webapp.notifications.notification_types import DIGEST_EMAIL
from webapp.notifications.notify import notify

ZONES = {
    "Europe/London": ["2026-03-27", "2026-10-23"],
    "America/New_York": ["2026-03-06", "2026-10-30"],
    "Australia/Lord_Howe": ["2026-04-03", "2026-10-02"],
    "Africa/Casablanca": ["2026-02-13", "2026-03-20"],
    "Pacific/Auckland": ["2026-04-03", "2026-09-25"],
    "Asia/Kathmandu": ["2026-05-01"],
    "Pacific/Kiritimati": ["2026-05-01"],
    "Pacific/Niue": ["2026-05-01"],
    "Pacific/Apia": ["2011-12-28"],  # this zone skipped December 30
}


def reader():
    """Return Ben, who lives in Lisbon and wants votes in the digest."""
    user = factories.user("Ben", "Okafor", zone="Europe/Lisbon")
    preferences.choose(user, {"vote.opened": DIGEST})
    db.session.commit()
    return user


def happens(user, title="Where do we plant?", about="River walkers", kind="vote.opened", **more):
    notify([user], kind, "/votes/x", {"title": title}, about=about, vote=uuid4(), **more)
    db.session.commit()


def at(moment: str):
    return time_machine.travel(datetime.fromisoformat(moment).astimezone(UTC), tick=False)


def tick() -> int:
    """Let the clock tick; return the number of daily digests in the outbox."""
    jobs.digest()
    return posted()


def posted() -> int:
    return len(
        db.session.scalars(
            sa.select(OutgoingEmail.id).where(OutgoingEmail.template == "notifications/digest")
        ).all()
    )


def has_digest(user, how_often=WEEKLY):
    preferences.choose(user, {DIGEST_EMAIL: how_often})
    db.session.commit()
