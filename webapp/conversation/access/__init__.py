"""Who may see a thread and do what in it.

Where it is held (`containers`) says who may do what there (decisions/0026).
"""

import uuid
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import Forbidden

from ...core.db.session import one_or_404
from ...groups import access as groups
from ..models import Reply, Thread
from . import containers
from .containers import ANNOUNCE as ANNOUNCE
from .containers import MODERATE as MODERATE
from .containers import READ as READ
from .containers import START as START
from .containers import WRITE as WRITE
from .containers import Container, GroupContainer


def thread_for(
    user: Any, slug: str, thread_id: uuid.UUID, action: str = READ
) -> tuple[GroupContainer, Thread]:
    """The group with this address and its thread, for someone who may do `action` in it.

    Raises NotFound, Moved and Forbidden.
    """
    group = groups.group_to(user, action, slug)
    wanted = sa.select(Thread).where(
        Thread.id == thread_id, Thread.group_id == group.id, Thread.deleted_at.is_(None)
    )
    return GroupContainer(group), one_or_404(wanted)


def reply_for(
    user: Any, slug: str, thread_id: uuid.UUID, reply_id: uuid.UUID, action: str = READ
) -> tuple[GroupContainer, Reply]:
    """The reply with this id, of that thread and no other; raises what `thread_for` raises."""
    place, thread = thread_for(user, slug, thread_id, action)
    return place, reply_in(thread, reply_id)


def reply_in(thread: Thread, reply_id: uuid.UUID) -> Reply:
    """The reply with this id, of this thread and no other. Raises NotFound."""
    return one_or_404(sa.select(Reply).where(Reply.id == reply_id, Reply.thread_id == thread.id))


def may_read(user: Any, thread: Thread) -> bool:
    """Whether the thread exists for `user`: for anyone who may read where it is held."""
    place = containers.of(thread)
    return (
        thread.deleted_at is None
        and place is not None
        and place.exists_for(user)
        and place.can(user, READ)
    )


def can_reply(user: Any, place: Container, thread: Thread) -> bool:
    """Whether `user` may write there: in a locked one only those who moderate."""
    return place.can(user, WRITE if thread.locked_at is None else MODERATE)


def can_edit(user: Any, place: Container, reply: Reply) -> bool:
    """Whether `user` may change the words: their own, and with others who announce those of an
    announcement.
    """
    if reply.removed_by is not None or not can_reply(user, place, reply.thread):
        return False
    shared = reply.is_opening and reply.thread.is_announcement and place.can(user, ANNOUNCE)
    return shared or (reply.author_id == user.id and reply.hidden_at is None)


def can_take_back(user: Any, reply: Reply) -> bool:
    """Whether `user` may delete it as its author, also in a locked thread: it is theirs."""
    return reply.removed_by is None and reply.author_id == user.id


def can_see_words(user: Any, place: Container, reply: Reply) -> bool:
    """Whether the words, also the earlier ones, are for `user`: those of a hidden reply are for
    its author and the moderators.
    """
    if reply.removed_by is not None:
        return False
    return reply.hidden_at is None or reply.author_id == user.id or place.can(user, MODERATE)


def require(allowed: bool) -> None:
    """Returns when it is; raises Forbidden."""
    if not allowed:
        raise Forbidden()
