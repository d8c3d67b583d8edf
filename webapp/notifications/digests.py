"""The digest: at eight where the person lives, one of each day or one of each week, none when
there is nothing to say.
"""

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

#: When it comes, by the clocks of the person's zone.
AT = time(8)


class DueDigest(NamedTuple):
    """Someone's digest: of which day, with the lines from before when."""

    user_id: uuid.UUID
    day: date
    until: datetime


def due(now: datetime) -> list[DueDigest]:
    """The digests that should be on their way: for people who live where it is past eight and
    whom lines have awaited.

    Who has had the digest of that day or week waits for the next, and takes nobody's turn.
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
    """People with lines that wait: how often they want the digest (None: as usual), since when the
    oldest line waits, and of which day they had the last digest.
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
    """On which the digest of the day's week comes: that day, or the last Monday before it."""
    return day - timedelta(days=day.weekday())


def eight_oclock(day: date, zone: str) -> datetime:
    """When it is eight there on that day; where the clocks skip it, as soon as they have."""
    try:
        return time_zones.to_utc(datetime.combine(day, AT), zone, fold=0)
    except time_zones.NonexistentTime as skipped:
        return time_zones.to_utc(skipped.nearest[1], zone, fold=0)


def send(it: DueDigest) -> bool:
    """The digest is in the outbox with the lines that it speaks of, unless it was before, or all
    have been read.
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
    """The row of the day's digest, which is ours; None when someone else has made it."""
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
    """What the digest speaks of and has not been read since, the oldest first."""
    unread = sa.select(Notification).where(
        Notification.digest_id == digest_id, Notification.read_at.is_(None)
    )
    return list(db.session.scalars(unread.order_by(Notification.created_at, Notification.id)))
