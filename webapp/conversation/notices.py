"""What people are told of a conversation, and what open pages hear of it."""

import uuid
from collections.abc import Sequence
from typing import Any

from ..accounts.models import User
from ..core import live
from ..groups.models import Group
from ..notifications.telling import tell
from . import titles
from .following import scope_of
from .models import Reply, Thread, path_of


def changed(thread: Thread) -> None:
    """Open lists of the group's threads ask again."""
    live.signal(f"conversation:{thread.group_id}")


def arrived(thread: Thread) -> None:
    """Open pages of the thread fetch what is new in it, and lists ask again."""
    changed(thread)
    live.signal(f"thread:{thread.id}:replies")


def mentioned(reply: Reply, group: Group, people: Sequence[User]) -> None:
    """Who was named knows by whom and where."""
    _tell(people, reply, group, "reply.mentioned", name=reply.author.name)


def announced(reply: Reply, group: Group, people: Sequence[User]) -> None:
    """Members know what the organizers have to say."""
    _tell(people, reply, group, "thread.announced", group=group.name)


def replied(reply: Reply, group: Group, people: Sequence[User]) -> None:
    """Who follows the thread knows that there is something new in it."""
    _tell(people, reply, group, "reply.arrived", name=reply.author.name)


def removed(author: User, thread: Thread, by: User, reason: str, what: str, number: int = 0) -> None:
    """Who wrote what a moderator has taken away knows it, and why. `what`: "thread", "reply" or "hidden"."""
    if thread.group is None or author.id == by.id or not author.is_active:
        return
    url = f"{thread.group.path}/conversation" if what == "thread" else path_of(thread.group, thread.id, number)
    words = {"title": titles.told(author, thread), "reason": reason, "what": what}
    tell([author], "reply.removed", url, words, **_about(thread.id, thread.group))


def _tell(people: Sequence[User], reply: Reply, place: Group, kind: str, **words: Any) -> None:
    thread = reply.thread
    url, about = path_of(place, thread.id, reply.number), _about(thread.id, place)
    said = lambda user: {"title": titles.told(user, thread), **words}  # noqa: E731
    tell(people, kind, url, said, **about, by=reply.author, reply=reply.id)


def _about(thread_id: uuid.UUID, group: Group) -> dict[str, Any]:
    return {"scope": scope_of(thread_id), "about": group.name, "group_id": group.id}
