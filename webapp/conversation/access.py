"""Who may see a thread and do what in it. The one file that asks the place of a thread for its rights (decisions/0026).

Roles and what they may do stand in `groups.access.ACTIONS`: a conversation is its group's.
"""

import uuid
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import Forbidden, NotFound

from ..core.extensions import db
from ..groups import access as groups
from ..groups.models import Group
from .models import Reply, Thread

READ, WRITE, START = "group:read_conversation", "group:write", "group:start_thread"
MODERATE, ANNOUNCE = "group:moderate", "group:announce"


def thread_for(user: Any, slug: str, thread_id: uuid.UUID, action: str = READ) -> tuple[Group, Thread]:
    """The group with this address and its thread, for someone who may do `action` in it. Raises NotFound, Moved and Forbidden."""
    group = groups.group_to(user, action, slug)
    wanted = sa.select(Thread).where(Thread.id == thread_id, Thread.group_id == group.id, Thread.deleted_at.is_(None))
    thread = db.session.scalar(wanted)
    if thread is None:
        raise NotFound()
    return group, thread


def reply_for(user: Any, slug: str, thread_id: uuid.UUID, reply_id: uuid.UUID, action: str = READ) -> tuple[Group, Reply]:
    """The reply with this id, of that thread and no other; raises what `thread_for` raises."""
    group, thread = thread_for(user, slug, thread_id, action)
    reply = db.session.scalar(sa.select(Reply).where(Reply.id == reply_id, Reply.thread_id == thread.id))
    if reply is None:
        raise NotFound()
    return group, reply


def may_read(user: Any, thread: Thread) -> bool:
    """Whether the thread exists for `user`: a group's is for its members."""
    group = thread.group
    return thread.deleted_at is None and group is not None and groups.may_see(user, group) and groups.can(user, READ, group)


def can_reply(user: Any, group: Group, thread: Thread) -> bool:
    """Whether `user` may write there: in a locked one only those who moderate."""
    return groups.can(user, WRITE if thread.locked_at is None else MODERATE, group)


def can_edit(user: Any, group: Group, reply: Reply) -> bool:
    """Whether `user` may change the words: their own, and with others who announce those of an announcement."""
    if reply.gone is not None or not can_reply(user, group, reply.thread):
        return False
    shared = reply.is_opening and reply.thread.is_announcement and groups.can(user, ANNOUNCE, group)
    return shared or (reply.author_id == user.id and reply.hidden_at is None)


def can_take_back(user: Any, reply: Reply) -> bool:
    """Whether `user` may delete it as its author, also in a locked thread: it is theirs."""
    return reply.gone is None and reply.author_id == user.id


def can_see_words(user: Any, group: Group, reply: Reply) -> bool:
    """Whether the words, also the earlier ones, are for `user`: those of a hidden reply are for its author and the moderators."""
    if reply.gone is not None:
        return False
    return reply.hidden_at is None or reply.author_id == user.id or groups.can(user, MODERATE, group)


def require(allowed: bool) -> None:
    """Returns when it is; raises Forbidden."""
    if not allowed:
        raise Forbidden()
