"""Where threads are held: in a group, at an event, under a vote (decisions/0026). A place says who
may do what there, where its pages are, and whom what is written reaches. A feature that holds
threads adds its own kind of place in its `register(app)`."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from flask_babel import gettext as _

from ...accounts.models import User
from ...groups import access as groups
from ...groups.models import Group, Membership
from ..models import GROUP, OPENING, Thread

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
    stands: bool

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
        self.name, self.path, self.stands = group.name, group.path, group.deleted_at is None

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
        return f"{self.path}/conversation/{thread_id}{at(number)}"

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


def held(kind: str, find: Finder) -> None:
    """From now on threads of this kind are held where `find` says; None: where they were held is
    no more.
    """
    _FINDERS[kind] = find


def of(thread: Thread) -> Container | None:
    """Where the thread is held."""
    find = _FINDERS.get(thread.kind)
    return find(thread) if find is not None else None


def at(number: int) -> str:
    """The end of an address that leads to one reply of a thread."""
    return f"?at={number}#r{number}" if number else ""
