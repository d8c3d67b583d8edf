"""The secret addresses at which calendar programs read a person's events, or a group's: made,
renewed, taken back.
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
#: With another number every calendar is read again: for when it is written otherwise.
_FORMAT = 1


def path(feed: CalendarFeed) -> str:
    """The feed's address on this site. Anyone who has it reads it."""
    return f"/calendars/{feed.id}/{tokens.derive(_PURPOSE, feed.id, feed.nonce)}.ics"


def webcal(path: str) -> str:
    """The address as programs on the same device take it over at a click."""
    return f"webcal:{links.absolute(path).partition(':')[2]}"


def of(user: User, group: Group | None) -> CalendarFeed | None:
    """The feed of `user`'s own events, or of the group's as they see them; None where they made
    none.
    """
    whose = (
        CalendarFeed.group_id == group.id if group is not None else CalendarFeed.group_id.is_(None)
    )
    return db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.user_id == user.id, whose))


def create(user: User, group: Group | None) -> CalendarFeed:
    """There is one, as before where there was."""
    feed = of(user, group)
    if feed is None:
        feed = CalendarFeed(user_id=user.id, group_id=group.id if group is not None else None)
        db.session.add(feed)
        db.session.flush()
    return feed


def renew(user: User, group: Group | None) -> None:
    """It has another address, which nobody has read; the one of before leads nowhere."""
    feed = of(user, group)
    if feed is not None:
        feed.renew_nonce()
        feed.read_on = None


def remove(user: User, group: Group | None) -> None:
    """There is none, and its address leads nowhere."""
    feed = of(user, group)
    if feed is not None:
        db.session.delete(feed)


def left_group(group: Group, user: User) -> None:
    """Who belongs to the group no more reads its events by no address of before, also when they
    come back.
    """
    db.session.execute(
        sa.delete(CalendarFeed).where(
            CalendarFeed.group_id == group.id, CalendarFeed.user_id == user.id
        )
    )


def find(feed_id: UUID, token: str) -> CalendarFeed:
    """The feed at this address, with its person and group, while the account is in use and belongs
    to the group.

    Raises NotFound for every other address.
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
    """Stands for all that the calendar is written from, with `feeds.fingerprint_text` about its
    events: another one for anything else.
    """
    content = (_FORMAT, links.absolute(""), name, locale, events, [tuple(one) for one in sessions])
    return hashlib.blake2b(repr(content).encode(), digest_size=16).hexdigest()


def changed_at(feed: CalendarFeed, digest: str) -> datetime:
    """Since when the calendar has been so, as far as anybody has read it."""
    return (
        feed.changed_at
        if feed.changed_at is not None and feed.digest == digest
        else clock.now().replace(microsecond=0)
    )


def note_read(feed_id: UUID, digest: str, changed: datetime, today: date) -> None:
    """That the address was read today, and what."""
    values = {"digest": digest, "changed_at": changed, "read_on": today}
    db.session.execute(sa.update(CalendarFeed).where(CalendarFeed.id == feed_id).values(**values))
