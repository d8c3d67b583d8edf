"""Who follows or mutes a thread, and how far each person has read."""

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..groups.models import Group
from ..notifications import inbox
from .models import FOLLOWS, MUTED, READS, STATES, Thread, ThreadReader


def choose(thread: Thread, by: User, state: str) -> None:
    """Save whether `by` follows the thread, mutes it or neither. Raises UserError for anything
    else.
    """
    if state not in STATES:
        raise UserError(_("Choose one of the three."), field="state")
    locked(User, by.id)
    _reader(thread, by).state = state
    db.session.flush()


def note_reply(thread: Thread, user: User, number: int) -> None:
    """Mark the user's own reply as seen, and follow the thread unless muted.

    The caller has locked the thread.
    """
    row = _reader(thread, user)
    row.last_seen_number = max(row.last_seen_number, number)
    if row.state != MUTED:
        row.state = FOLLOWS
    db.session.flush()


def begin(thread: Thread, people: Iterable[User]) -> None:
    """Let people follow a new thread."""
    db.session.add_all(
        ThreadReader(thread_id=thread.id, user_id=person.id, state=FOLLOWS, last_seen_number=0)
        for person in people
    )
    db.session.flush()


def mark_seen(thread_id: uuid.UUID, user_id: uuid.UUID, number: int, is_known: bool) -> None:
    """Mark the thread as seen up to this number; `is_known`: the person has a row already."""
    mine = (ThreadReader.thread_id == thread_id, ThreadReader.user_id == user_id)
    if is_known:
        db.session.execute(
            sa.update(ThreadReader)
            .where(*mine, ThreadReader.last_seen_number < number)
            .values(last_seen_number=number)
        )
    else:
        db.session.add(
            ThreadReader(thread_id=thread_id, user_id=user_id, state=READS, last_seen_number=number)
        )
        db.session.flush()


def mark_read(user_id: uuid.UUID, thread_id: uuid.UUID) -> None:
    """Mark inbox lines about the thread as read."""
    inbox.read_about(user_id, scope_of(thread_id))


def scope_of(thread_id: uuid.UUID) -> str:
    """Return the scope that groups inbox lines about the thread."""
    return f"thread:{thread_id}"


def _reader(thread: Thread, user: User) -> ThreadReader:
    mine = sa.select(ThreadReader).where(
        ThreadReader.thread_id == thread.id, ThreadReader.user_id == user.id
    )
    row = db.session.scalar(mine)
    if row is None:
        row = ThreadReader(thread_id=thread.id, user_id=user.id, state=READS, last_seen_number=0)
        db.session.add(row)
        db.session.flush()
    return row


def left_group(group: Group, user: User, **_what: Any) -> None:
    """Forget what someone followed in a group that they left."""
    inside = sa.select(Thread.id).where(Thread.group_id == group.id)
    mine = ThreadReader.user_id == user.id
    db.session.execute(sa.delete(ThreadReader).where(mine, ThreadReader.thread_id.in_(inside)))
