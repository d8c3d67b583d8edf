"""The digest: at 8:00 local time, daily or weekly, and only if there is something to say."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..accounts.models import User
from ..core.db.session import rows_changed
from ..core.extensions import db
from ..core.time import time_zones
from ..mail import outbox
from .models import DIGEST, OFF, WEEKLY, DigestEmail, Notification, Preference
from .notification_types import DIGEST_EMAIL

#: When it is sent, by the person's clock.
AT = time(8)


class DueDigest(NamedTuple):
    """A person's digest: its day, and the end of the time that it covers."""

    user_id: uuid.UUID
    day: date
    until: datetime


def due(now: datetime) -> list[DueDigest]:
    """Return the digests to send: where it is past 8:00 and lines are waiting.

    People who have had the digest of that day or week are left out, so that they delay nobody.
    """
    found = []
    for user_id, zone, chosen, oldest, last_day in db.session.execute(_waiting()):
        today = time_zones.in_zone(now, zone).date()
        day = monday_of(today) if chosen == WEEKLY else today
        until = eight_oclock(day, zone)
        is_day = now >= eight_oclock(today, zone)
        if chosen != OFF and is_day and oldest < until and (last_day is None or day > last_day):
            found.append(DueDigest(user_id, day, until))
    return found


def _waiting() -> sa.Select[Any]:
    """Select people with waiting lines: how often they want the digest (None: default), the oldest
    line's time, and the day of their last digest.
    """
    chosen = sa.select(Preference.channel).where(
        Preference.user_id == User.id, Preference.kind == DIGEST_EMAIL
    )
    last = sa.select(sa.func.max(DigestEmail.day)).where(DigestEmail.user_id == User.id)
    oldest_line = sa.func.min(Notification.created_at, type_=Notification.created_at.type)
    waiting = sa.select(
        User.id, User.zone, chosen.scalar_subquery(), oldest_line, last.scalar_subquery()
    )
    waiting = waiting.join(Notification, Notification.user_id == User.id).where(*_is_waiting())
    waiting = waiting.where(User.verified_at.is_not(None), User.deactivated_at.is_(None))
    return waiting.group_by(User.id, User.zone)


def monday_of(day: date) -> date:
    """Return the Monday of the day's week, when weekly digests are sent."""
    return day - timedelta(days=day.weekday())


def eight_oclock(day: date, zone: str) -> datetime:
    """Return 8:00 of the day in that zone; if the clocks skip it, the first time after."""
    try:
        return time_zones.to_utc(datetime.combine(day, AT), zone, fold=0)
    except time_zones.NonexistentTime as skipped:
        return time_zones.to_utc(skipped.nearest[1], zone, fold=0)


def send(it: DueDigest) -> bool:
    """Enqueue the digest and assign its lines.

    Return False if it was already sent, or all lines have been read.
    """
    user = db.session.get(User, it.user_id)
    digest = _claimed(it)
    if user is None or digest is None:
        return False
    lines = sa.update(Notification).where(
        Notification.user_id == it.user_id, *_is_waiting(), Notification.created_at < it.until
    )
    if not rows_changed(lines.values(digest_id=digest.id)):
        db.session.delete(digest)
        return False
    outbox.enqueue_email(
        "notifications/digest", to=user.email, locale=user.locale, user=user.id, digest=digest.id
    )
    return True


def _claimed(it: DueDigest) -> DigestEmail | None:
    """Create the day's digest; None if someone else has."""
    digest = DigestEmail(user_id=it.user_id, day=it.day)
    try:
        with db.session.begin_nested():
            db.session.add(digest)
    except sa.exc.IntegrityError:
        return None
    return digest


def _is_waiting() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Notification.channel == DIGEST,
        Notification.digest_id.is_(None),
        Notification.read_at.is_(None),
    )


def lines_of(digest_id: uuid.UUID) -> list[Notification]:
    """Return the digest's lines that are still unread, oldest first."""
    unread = sa.select(Notification).where(
        Notification.digest_id == digest_id, Notification.read_at.is_(None)
    )
    return list(db.session.scalars(unread.order_by(Notification.created_at, Notification.id)))
