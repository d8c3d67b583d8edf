"""Telling many: an announcement goes to every member of a group, a reply to everyone who follows
its thread.

Ten thousand lines and letters are no part of the request that causes them. The row of `Telling`
commits with the reply; a job takes the people slice by slice, each slice in a transaction with the
place that it has come to. A worker that dies leaves the row where it was, and the next one goes on
from there: nobody is left out, nobody is told twice.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from ..accounts.models import User
from ..core.db.session import new_id
from ..core.extensions import db
from ..core.jobs.batches import BATCH_SIZE
from ..core.jobs.queue import enqueue
from ..notifications.models import Notification
from . import notices
from .access import containers
from .access.containers import Container
from .following import scope_of
from .models import FOLLOWS, Mention, Reply, Telling, Thread, ThreadReader

JOB = "conversation.tell"


def ask(reply: Reply) -> None:
    """Those who want to hear of the reply are told once this transaction has committed."""
    row = Telling(id=new_id(), reply_id=reply.id, after=None)
    db.session.add(row)
    db.session.flush()
    enqueue(JOB, str(row.id))


def step(telling_id: uuid.UUID) -> bool:
    """One slice more has been told; False when nobody is left, and the row is gone.

    The caller commits.
    """
    row = db.session.get(Telling, telling_id, with_for_update=True, populate_existing=True)
    if row is None:
        return False
    reply = db.session.get(Reply, row.reply_id)
    place = containers.of(reply.thread) if reply is not None else None
    if reply is None or place is None or not _stands(reply, place):
        db.session.delete(row)
        return False
    people = _next(reply, place, row.after)
    _tell(reply, place, people)
    if len(people) < BATCH_SIZE:
        db.session.delete(row)
        return False
    row.after = people[-1].id
    return True


def left_behind(before: datetime) -> Sequence[uuid.UUID]:
    """Those that were asked for before this moment and have not come to their end: their job was
    lost, or is still at it.
    """
    return db.session.scalars(
        sa.select(Telling.id).where(Telling.created_at < before).order_by(Telling.id)
    ).all()


def _stands(reply: Reply, place: Container) -> bool:
    gone = reply.gone is not None or reply.hidden_at is not None
    return not gone and reply.thread.deleted_at is None and place.stands


def _next(reply: Reply, place: Container, after: uuid.UUID | None) -> list[User]:
    """The next people after that one, in the order of their ids: those of the place whose accounts
    are in use.

    Of a reply those who follow its thread and have not seen it yet.
    """
    wanted = place.members().where(User.deactivated_at.is_(None))
    if not reply.is_opening:
        follows = (ThreadReader.thread_id == reply.thread_id, ThreadReader.state == FOLLOWS)
        wanted = wanted.join(ThreadReader, ThreadReader.user_id == User.id).where(
            *follows, ThreadReader.seen < reply.number
        )
    if after is not None:
        wanted = wanted.where(User.id > after)
    return list(db.session.scalars(wanted.order_by(User.id).limit(BATCH_SIZE)))


def _tell(reply: Reply, place: Container, people: Sequence[User]) -> None:
    """Nobody hears of their own words, nor twice of the same: who is named in it was told that."""
    named = set(db.session.scalars(sa.select(Mention.user_id).where(Mention.reply_id == reply.id)))
    left_out = {reply.author_id} | named
    if reply.is_opening:
        notices.announced(reply, place, [person for person in people if person.id not in left_out])
        return
    left_out |= _know_already(reply.thread, people)
    notices.replied(reply, place, [person for person in people if person.id not in left_out])


def _know_already(thread: Thread, people: Sequence[User]) -> set[uuid.UUID]:
    """Those in whose inbox an unread line says that there is something new: one more would say
    nothing more.
    """
    lines = sa.select(Notification.user_id).where(
        Notification.user_id.in_([person.id for person in people])
    )
    unread = (
        Notification.kind == "reply.arrived",
        Notification.scope == scope_of(thread.id),
        Notification.read_at.is_(None),
    )
    return set(db.session.scalars(lines.where(*unread)))
