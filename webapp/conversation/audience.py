"""Who is notified: of an announcement every member of the group, of a reply the thread's
followers.
"""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.jobs.fan_out import AUDIENCES, Audience, FanOut
from ..notifications.models import Notification
from . import access, notices
from .access import Container
from .following import scope_of
from .models import FOLLOWS, Mention, Reply, Thread, ThreadReader

#: The kind of fan-out for a reply or an opening.
REPLY = "reply"


class Subject(NamedTuple):
    """A reply and its container."""

    reply: Reply
    container: Container


def _load(reply_id: uuid.UUID) -> Subject | None:
    reply = db.session.get(Reply, reply_id)
    container = access.container_of(reply.thread) if reply is not None else None
    return Subject(reply, container) if reply is not None and container is not None else None


def _is_current(subject: Subject, _row: FanOut) -> bool:
    reply, container = subject
    gone = reply.removed_by is not None or reply.hidden_at is not None
    return not gone and reply.thread.deleted_at is None and container.is_active


def _listeners(subject: Subject, _row: FanOut) -> sa.Select[Any]:
    """Members of the container with active accounts; for a reply, followers who haven't seen it
    yet.
    """
    reply, container = subject
    query = container.members().where(User.deactivated_at.is_(None))
    if reply.is_opening:
        return query
    follows = (ThreadReader.thread_id == reply.thread_id, ThreadReader.state == FOLLOWS)
    return query.join(ThreadReader, ThreadReader.user_id == User.id).where(
        *follows, ThreadReader.last_seen_number < reply.number
    )


def _notify(subject: Subject, _row: FanOut, people: Sequence[User]) -> None:
    """Notify people, except those already notified of a mention."""
    reply, container = subject
    named = set(db.session.scalars(sa.select(Mention.user_id).where(Mention.reply_id == reply.id)))
    if reply.is_opening:
        notices.announced(reply, container, [one for one in people if one.id not in named])
        return
    left_out = named | _know_already(reply.thread, people)
    notices.replied(reply, container, [one for one in people if one.id not in left_out])


def _know_already(thread: Thread, people: Sequence[User]) -> set[uuid.UUID]:
    """People with an unread inbox line about the thread, who need no second one.

    Lines that were in a digest don't count.
    """
    lines = sa.select(Notification.user_id).where(
        Notification.user_id.in_([person.id for person in people])
    )
    unread = (
        Notification.kind == "reply.arrived",
        Notification.scope == scope_of(thread.id),
        Notification.read_at.is_(None),
        Notification.digest_id.is_(None),
    )
    return set(db.session.scalars(lines.where(*unread)))


AUDIENCES[REPLY] = Audience(_load, _listeners, User.id, _is_current, _notify)
