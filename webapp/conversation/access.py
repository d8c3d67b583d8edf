"""Who may see a thread and do what in it.

Threads are held by a container: a group, an event, a vote (decisions/0026). It says who may do what
there, where its pages are, and whom what is written reaches. A feature that holds threads adds its
own kind of container in its `register(app)`.
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
    """What a conversation asks of where it is held.

    `group` is whose moderators judge and whose notices one has chosen.
    """

    kind: str
    name: str
    path: str
    group: Group | None
    #: neither put away nor out of sight: what is written is told
    is_active: bool

    def trail(self) -> list[tuple[str, str]]:
        """What is above its threads, for the way back: words and addresses."""

    def title_of(self, thread: Thread) -> str:
        """What the thread's page is called."""

    def exists_for(self, user: Any) -> bool:
        """Whether `user` may know of the place."""

    def can(self, user: Any, action: str) -> bool:
        """Whether `user` may do `action`, one of the five above."""

    def path_of(self, thread_id: uuid.UUID, number: int = OPENING) -> str:
        """Where the thread is, or one reply in it."""

    def members(self) -> sa.Select[Any]:
        """Those who belong to it: a statement of User, whom words may name and news reaches."""

    def signals(self, thread: Thread, is_new: bool) -> Sequence[str]:
        """What open pages listen for: that something has changed, and with `is_new` that
        someone has written.
        """

    def topic_of(self, thread: Thread) -> str:
        """What an open page of the thread listens to, and by which signal it fetches what is
        new.
        """

    def shared_with(self, user: Any) -> uuid.UUID | None:
        """The group that `user` shares with those of its members who write: whose pages they may
        see then.
        """

    def chip_of(self, post: Any) -> str:
        """What someone is there, in a word beside what they wrote; nothing for most."""


class GroupContainer:
    """A group's threads: for its members, at addresses below its own."""

    kind = GROUP

    def __init__(self, group: Group) -> None:
        self.group: Group | None = group
        self._group = group
        self.name, self.path, self.is_active = group.name, group.path, group.deleted_at is None

    def trail(self) -> list[tuple[str, str]]:
        """The group, and its conversation."""
        return [(self.name, self.path), (_("Conversation"), f"{self.path}/conversation")]

    def title_of(self, thread: Thread) -> str:
        """The thread's own title."""
        return thread.title

    def exists_for(self, user: Any) -> bool:
        """Whether `user` may see the group."""
        return groups.may_see(user, self._group)

    def can(self, user: Any, action: str) -> bool:
        """As the group's table of roles says."""
        return groups.can(user, action, self._group)

    def path_of(self, thread_id: uuid.UUID, number: int = OPENING) -> str:
        """Below the group's own address."""
        return f"{self.path}/conversation/{thread_id}{position_query(number)}"

    def members(self) -> sa.Select[Any]:
        """The group's."""
        chosen = sa.select(User).join(Membership, Membership.user_id == User.id)
        return chosen.where(Membership.group_id == self._group.id)

    def signals(self, thread: Thread, is_new: bool) -> Sequence[str]:
        """Lists of the group's threads, and the thread."""
        listed = [f"conversation:{self._group.id}"]
        return [*listed, self.topic_of(thread)] if is_new else listed

    def topic_of(self, thread: Thread) -> str:
        """The thread's own."""
        return f"thread:{thread.id}:replies"

    def shared_with(self, user: Any) -> uuid.UUID | None:
        """It, for only members read it."""
        return self._group.id

    def chip_of(self, post: Any) -> str:
        """Their role, where it is more than a member's."""
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
    """From now on threads of this kind are held where `find` says; None: where they were held is
    no more.
    """
    _FINDERS[kind] = find


def container_of(thread: Thread) -> Container | None:
    """Where the thread is held."""
    find = _FINDERS.get(thread.kind)
    return find(thread) if find is not None else None


def position_query(number: int) -> str:
    """The end of an address that leads to one reply of a thread."""
    return f"?at={number}#r{number}" if number else ""


def thread_for(
    user: Any, slug: str, thread_id: uuid.UUID, action: str = READ
) -> tuple[GroupContainer, Thread]:
    """The group with this address and its thread, for someone who may do `action` in it.

    Raises NotFound, Moved and Forbidden.
    """
    group = groups.group_to(user, action, slug)
    query = sa.select(Thread).where(
        Thread.id == thread_id, Thread.group_id == group.id, Thread.deleted_at.is_(None)
    )
    return GroupContainer(group), one_or_404(query)


def reply_for(
    user: Any, slug: str, thread_id: uuid.UUID, reply_id: uuid.UUID, action: str = READ
) -> tuple[GroupContainer, Reply]:
    """The reply with this id, of that thread and no other; raises what `thread_for` raises."""
    place, thread = thread_for(user, slug, thread_id, action)
    return place, reply_in(thread, reply_id)


def reply_in(thread: Thread, reply_id: uuid.UUID) -> Reply:
    """The reply with this id, of this thread and no other. Raises NotFound."""
    return one_or_404(sa.select(Reply).where(Reply.id == reply_id, Reply.thread_id == thread.id))


def hold(thread: Thread) -> Thread:
    """The thread, fresh and locked. Raises Conflict when it is gone."""
    thread = locked(Thread, thread.id)
    if thread.deleted_at is not None:
        raise Conflict(_("This thread has been deleted."))
    return thread


def may_read(user: Any, thread: Thread) -> bool:
    """Whether the thread exists for `user`: for anyone who may read where it is held."""
    place = container_of(thread)
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


def can_delete(user: Any, reply: Reply) -> bool:
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


@topic("thread")
def may_watch_thread(user: Any, thread_id: UUID) -> bool:
    """Whether `user` may hear that something was written in the thread with this id."""
    thread = db.session.get(Thread, thread_id)
    return thread is not None and may_read(user, thread)


@topic("conversation")
def may_watch_list(user: Any, group_id: UUID) -> bool:
    """Whether `user` may hear that the threads of the group with this id have changed."""
    group = db.session.get(Group, group_id)
    return group is not None and groups.may_see(user, group) and groups.can(user, READ, group)
