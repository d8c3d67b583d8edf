"""Secret links at which calendar apps read a person's or a group's events: create, renew,
delete.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager
from werkzeug.exceptions import NotFound

from ...accounts.models import User
from ...core.extensions import db
from ...core.http import links, tokens
from ...core.time import clock
from ...groups.models import Group, Membership
from ..models import CalendarFeed

_PURPOSE = "calendar-feed"
#: Increase this after changing how calendars are written, so that apps reload them.
_FORMAT = 1


def path(feed: CalendarFeed) -> str:
    """Return the feed's path. Anyone who has it can read the feed."""
    return f"/calendars/{feed.id}/{tokens.derive(_PURPOSE, feed.id, feed.nonce)}.ics"


def webcal(path: str) -> str:
    """Return the link as a webcal URL, which opens the calendar app on the same device."""
    return f"webcal:{links.absolute(path).partition(':')[2]}"


def of(user: User, group: Group | None) -> CalendarFeed | None:
    """Return the feed of the user's own events, or of the group's as they see them; None if there
    is none.
    """
    whose = (
        CalendarFeed.group_id == group.id if group is not None else CalendarFeed.group_id.is_(None)
    )
    return db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.user_id == user.id, whose))


def create(user: User, group: Group | None) -> CalendarFeed:
    """Create the feed, or return the existing one."""
    feed = of(user, group)
    if feed is None:
        feed = CalendarFeed(user_id=user.id, group_id=group.id if group is not None else None)
        db.session.add(feed)
        db.session.flush()
    return feed


def renew(user: User, group: Group | None) -> None:
    """Give the feed a new link; the old one stops working."""
    feed = of(user, group)
    if feed is not None:
        feed.renew_nonce()
        feed.read_on = None


def remove(user: User, group: Group | None) -> None:
    """Delete the feed; its link stops working."""
    feed = of(user, group)
    if feed is not None:
        db.session.delete(feed)


def left_group(group: Group, user: User) -> None:
    """Delete the feed of someone who left the group. The old link stays invalid if they
    join again.
    """
    db.session.execute(
        sa.delete(CalendarFeed).where(
            CalendarFeed.group_id == group.id, CalendarFeed.user_id == user.id
        )
    )


def find(feed_id: UUID, token: str) -> CalendarFeed:
    """Return the feed with this link, its person and group, if the account is active and a member.

    Raises NotFound otherwise.
    """
    belongs = sa.exists().where(
        Membership.group_id == CalendarFeed.group_id, Membership.user_id == CalendarFeed.user_id
    )
    inside = sa.or_(CalendarFeed.group_id.is_(None), sa.and_(Group.deleted_at.is_(None), belongs))
    query = sa.select(CalendarFeed).join(CalendarFeed.user).outerjoin(CalendarFeed.group)
    query = query.where(CalendarFeed.id == feed_id, User.deactivated_at.is_(None), inside)
    feed = db.session.scalar(
        query.options(contains_eager(CalendarFeed.user), contains_eager(CalendarFeed.group))
    )
    if feed is None or not tokens.matches(token, _PURPOSE, feed.id, feed.nonce):
        raise NotFound()
    return feed


def digest_of(name: str, locale: str, events: str, sessions: Sequence[Any]) -> str:
    """Return a digest of all that the calendar is made from; `events`: `feeds.fingerprint_text`."""
    content = (_FORMAT, links.absolute(""), name, locale, events, [tuple(one) for one in sessions])
    return hashlib.blake2b(repr(content).encode(), digest_size=16).hexdigest()


def changed_at(feed: CalendarFeed, digest: str) -> datetime:
    """Return since when the calendar has had this content, as far as anyone has read it."""
    return (
        feed.changed_at
        if feed.changed_at is not None and feed.digest == digest
        else clock.now().replace(microsecond=0)
    )


def note_read(feed_id: UUID, digest: str, changed: datetime, today: date) -> None:
    """Record that the feed was read today, and its content."""
    values = {"digest": digest, "changed_at": changed, "read_on": today}
    db.session.execute(sa.update(CalendarFeed).where(CalendarFeed.id == feed_id).values(**values))
