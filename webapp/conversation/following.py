"""Who follows a thread, who wants to hear nothing of it, and how far each has read."""

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..groups.models import Group
from ..notifications import inbox
from .models import FOLLOWS, MUTED, READS, STATES, Mention, Reaction, Reply, Thread, ThreadReader


def choose(thread: Thread, by: User, state: str) -> None:
    """From now on `by` is told of replies, hears nothing of the thread, or neither."""
    if state not in STATES:
        raise UserError(_("Choose one of the three."), field="state")
    locked(User, by.id)
    _reader(thread, by).state = state
    db.session.flush()


def note_reply(thread: Thread, user: User, number: int) -> None:
    """`user` wrote the reply `number` of a thread that the caller holds: they have seen it, and
    follow unless they muted it.
    """
    row = _reader(thread, user)
    row.last_seen_number = max(row.last_seen_number, number)
    if row.state != MUTED:
        row.state = FOLLOWS
    db.session.flush()


def begin(thread: Thread, people: Iterable[User]) -> None:
    """They follow the thread, which is new."""
    db.session.add_all(
        ThreadReader(thread_id=thread.id, user_id=person.id, state=FOLLOWS, last_seen_number=0)
        for person in people
    )
    db.session.flush()


def mark_seen(thread_id: uuid.UUID, user_id: uuid.UUID, number: int, is_known: bool) -> None:
    """The person has seen the thread up to this number; `is_known` when they have a row already."""
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
    """The lines in the person's inbox about the thread are read: they have been there."""
    inbox.read_about(user_id, scope_of(thread_id))


def scope_of(thread_id: uuid.UUID) -> str:
    """Under which the inbox shows what it says of the thread together."""
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


def left_group(group: Group, user: User) -> None:
    """Who leaves the group follows nothing in it any more; coming back they begin again."""
    inside = sa.select(Thread.id).where(Thread.group_id == group.id)
    mine = ThreadReader.user_id == user.id
    db.session.execute(sa.delete(ThreadReader).where(mine, ThreadReader.thread_id.in_(inside)))


def erase(user: User) -> None:
    """Nothing is left of what `user` read, followed and reacted to, nor of where they were named;
    what they wrote stays, without a name.
    """
    for model in (ThreadReader, Mention, Reaction):
        db.session.execute(sa.delete(model).where(model.user_id == user.id))
    db.session.execute(
        sa.update(Reply).where(Reply.author_id == user.id, Reply.reason != "").values(reason="")
    )
