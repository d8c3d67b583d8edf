"""Who may see a thread and what they may do in it.

A container holds threads: a group, an event or a vote (decisions/0026). It decides who may do what,
where its pages are, and who is notified. A feature with threads adds its own kind of container in
its `register(app)`.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from ..accounts.models import User
from ..core.db.session import locked, one_or_404
from ..core.extensions import db
from ..core.http.errors import Conflict
from ..core.live import topic
from ..groups import access as groups
from ..groups.models import Group, Membership
from .models import GROUP, OPENING, Reply, Thread

READ, WRITE, START = "group:read_conversation", "group:write", "group:start_thread"
MODERATE, ANNOUNCE = "group:moderate", "group:announce"


class Container(Protocol):
    """What the conversation needs to know about a thread's container.

    `group`: its moderators decide on reports, and its notification settings apply.
    """

    kind: str
    name: str
    path: str
    group: Group | None
    #: Neither deleted nor hidden, so that people are notified.
    is_active: bool

    def trail(self) -> list[tuple[str, str]]:
        """Return the breadcrumb above its threads: (label, path)."""

    def title_of(self, thread: Thread) -> str:
        """Return the title of the thread's page."""

    def exists_for(self, user: Any) -> bool:
        """Whether `user` may know of the container."""

    def can(self, user: Any, action: str) -> bool:
        """Whether `user` may do `action`, one of the five above."""

    def path_of(self, thread_id: uuid.UUID, number: int = OPENING) -> str:
        """Return the path of the thread, or of one reply in it."""

    def members(self) -> sa.Select[Any]:
        """Select the people who can be mentioned and notified: a statement of User."""

    def signals(self, thread: Thread, is_new: bool) -> Sequence[str]:
        """Return the live topics to signal after a change; with `is_new`, someone has written."""

    def topic_of(self, thread: Thread) -> str:
        """Return the topic of an open page of the thread, whose signal makes it fetch new
        replies.
        """

    def shared_with(self, user: Any) -> uuid.UUID | None:
        """Return the group that `user` shares with its members who write, which opens their
        profiles.
        """

    def chip_of(self, post: Any) -> str:
        """Return a label beside the author's name, such as a role; "" for most."""


class GroupContainer:
    """A group's threads, for its members, below the group's path."""

    kind = GROUP

    def __init__(self, group: Group) -> None:
        self.group: Group | None = group
        self._group = group
        self.name, self.path, self.is_active = group.name, group.path, group.deleted_at is None

    def trail(self) -> list[tuple[str, str]]:
        """The group, and its conversation."""
        return [(self.name, self.path), (_("Conversation"), f"{self.path}/conversation")]

    def title_of(self, thread: Thread) -> str:
        """Return the thread's own title."""
        return thread.title

    def exists_for(self, user: Any) -> bool:
        """Whether `user` may see the group."""
        return groups.may_see(user, self._group)

    def can(self, user: Any, action: str) -> bool:
        """Whether the role of `user` in the group allows `action`."""
        return groups.can(user, action, self._group)

    def path_of(self, thread_id: uuid.UUID, number: int = OPENING) -> str:
        """Return a path below the group's."""
        return f"{self.path}/conversation/{thread_id}{position_query(number)}"

    def members(self) -> sa.Select[Any]:
        """Select the group's members."""
        chosen = sa.select(User).join(Membership, Membership.user_id == User.id)
        return chosen.where(Membership.group_id == self._group.id)

    def signals(self, thread: Thread, is_new: bool) -> Sequence[str]:
        """The group's lists of threads, and the thread."""
        listed = [f"conversation:{self._group.id}"]
        return [*listed, self.topic_of(thread)] if is_new else listed

    def topic_of(self, thread: Thread) -> str:
        """The thread's own topic."""
        return f"thread:{thread.id}:replies"

    def shared_with(self, user: Any) -> uuid.UUID | None:
        """The group itself: only its members read the thread."""
        return self._group.id

    def chip_of(self, post: Any) -> str:
        """Return the author's role if it is more than member."""
        return (
            str(groups.ROLE_NAMES[post.author_role])
            if post.author_role and post.author_role != "member"
            else ""
        )


Finder = Callable[[Thread], Container | None]
_FINDERS: dict[str, Finder] = {
    GROUP: lambda thread: GroupContainer(thread.group) if thread.group is not None else None
}


def register_container(kind: str, find: Finder) -> None:
    """Register a kind of container; `find` returns a thread's container, or None if it is gone."""
    _FINDERS[kind] = find


def container_of(thread: Thread) -> Container | None:
    """Return the thread's container; None if it is gone."""
    find = _FINDERS.get(thread.kind)
    return find(thread) if find is not None else None


def position_query(number: int) -> str:
    """Return the query string and fragment that lead to one reply; "" for the opening."""
    return f"?at={number}#r{number}" if number else ""


def thread_to(
    user: Any, action: str, slug: str, thread_id: uuid.UUID
) -> tuple[GroupContainer, Thread]:
    """Return the group with this slug and its thread, if `user` may do `action`.

    Raises NotFound, GroupMoved or Forbidden.
    """
    group = groups.group_to(user, action, slug)
    query = sa.select(Thread).where(
        Thread.id == thread_id, Thread.group_id == group.id, Thread.deleted_at.is_(None)
    )
    return GroupContainer(group), one_or_404(query)


def reply_to(
    user: Any, action: str, slug: str, thread_id: uuid.UUID, reply_id: uuid.UUID
) -> tuple[GroupContainer, Reply]:
    """Return the reply of that thread. Raises what `thread_to` raises."""
    container, thread = thread_to(user, action, slug, thread_id)
    return container, reply_in(thread, reply_id)


def reply_in(thread: Thread, reply_id: uuid.UUID) -> Reply:
    """Return the thread's reply with this id. Raises NotFound."""
    return one_or_404(sa.select(Reply).where(Reply.id == reply_id, Reply.thread_id == thread.id))


def hold(thread: Thread) -> Thread:
    """Lock and reload the thread. Raises Conflict if it was deleted."""
    thread = locked(Thread, thread.id)
    if thread.deleted_at is not None:
        raise Conflict(_("This thread has been deleted."))
    return thread


def may_read(user: Any, thread: Thread) -> bool:
    """Whether `user` may read the thread: it exists, and they may read in its container."""
    container = container_of(thread)
    return (
        thread.deleted_at is None
        and container is not None
        and container.exists_for(user)
        and container.can(user, READ)
    )


def can_reply(user: Any, container: Container, thread: Thread) -> bool:
    """Whether `user` may reply; in a locked thread only moderators can."""
    return container.can(user, WRITE if thread.locked_at is None else MODERATE)


def can_edit(user: Any, container: Container, reply: Reply) -> bool:
    """Whether `user` may edit the reply: their own, or as an announcer the opening of an
    announcement.
    """
    if reply.removed_by is not None or not can_reply(user, container, reply.thread):
        return False
    shared = reply.is_opening and reply.thread.is_announcement and container.can(user, ANNOUNCE)
    return shared or (reply.author_id == user.id and reply.hidden_at is None)


def can_delete(user: Any, reply: Reply) -> bool:
    """Whether `user` may delete the reply as its author, even in a locked thread."""
    return reply.removed_by is None and reply.author_id == user.id


def can_see_words(user: Any, container: Container, reply: Reply) -> bool:
    """Whether `user` may read the text and its history; if hidden, only the author and
    moderators.
    """
    if reply.removed_by is not None:
        return False
    return reply.hidden_at is None or reply.author_id == user.id or container.can(user, MODERATE)


def require(allowed: bool) -> None:
    """Raises Forbidden unless `allowed`."""
    if not allowed:
        raise Forbidden()


@topic("thread")
def may_watch_thread(user: Any, thread_id: UUID) -> bool:
    """Whether `user` may receive live signals about the thread with this id."""
    thread = db.session.get(Thread, thread_id)
    return thread is not None and may_read(user, thread)


@topic("conversation")
def may_watch_list(user: Any, group_id: UUID) -> bool:
    """Whether `user` may receive live signals about the threads of the group with this id."""
    group = db.session.get(Group, group_id)
    return group is not None and groups.may_see(user, group) and groups.can(user, READ, group)
