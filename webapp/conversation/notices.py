"""Notifications and live signals of conversations."""

import uuid
from collections.abc import Sequence
from typing import Any

from ..accounts.models import User
from ..core import live
from ..notifications.notify import notify
from . import access, titles
from .access import Container
from .following import scope_of
from .models import Reply, Thread


def changed(thread: Thread) -> None:
    """Let open lists of threads reload."""
    _signal(thread, is_new=False)


def reply_changed(reply: Reply) -> None:
    """Let open pages reload this reply, which was edited or deleted, and lists reload."""
    post_changed(reply)
    changed(reply.thread)


def post_changed(reply: Reply) -> None:
    """Let open pages reload this reply; lists don't change."""
    container = access.container_of(reply.thread)
    if container is not None:
        live.signal(f"{container.topic_of(reply.thread)}:r{reply.number}")


def reply_arrived(thread: Thread) -> None:
    """Let open pages of the thread fetch new replies, and lists reload."""
    _signal(thread, is_new=True)


def _signal(thread: Thread, is_new: bool) -> None:
    container = access.container_of(thread)
    for name in container.signals(thread, is_new) if container is not None else ():
        live.signal(name)


def mentioned(reply: Reply, container: Container, people: Sequence[User]) -> None:
    """Notify people of a mention."""
    _notify(people, reply, container, "reply.mentioned", name=reply.author.name)


def announced(reply: Reply, container: Container, people: Sequence[User]) -> None:
    """Notify members of an announcement."""
    _notify(people, reply, container, "thread.announced", group=container.name)


def replied(reply: Reply, container: Container, people: Sequence[User]) -> None:
    """Notify followers of a reply."""
    _notify(people, reply, container, "reply.arrived", name=reply.author.name)


def removed(
    author: User, thread: Thread, by: User, reason: str, what: str, number: int = 0
) -> None:
    """Notify an author that a moderator removed or hid their post, and why.

    `what`: "thread", "reply" or "hidden".
    """
    container = access.container_of(thread)
    if container is None or author.id == by.id or not author.is_active:
        return
    url = (
        f"{container.path}/conversation"
        if what == "thread"
        else container.path_of(thread.id, number)
    )
    words = {"title": titles.inbox_title(author, thread), "reason": reason, "what": what}
    notify([author], "reply.removed", url, words, **_about(thread.id, container))


def _notify(
    people: Sequence[User], reply: Reply, container: Container, kind: str, **words: Any
) -> None:
    thread = reply.thread
    url, about = container.path_of(thread.id, reply.number), _about(thread.id, container)
    words_for = lambda user: {"title": titles.inbox_title(user, thread), **words}  # noqa: E731
    notify(people, kind, url, words_for, **about, by=reply.author, reply=reply.id)


def _about(thread_id: uuid.UUID, container: Container) -> dict[str, Any]:
    group_id = container.group.id if container.group is not None else None
    return {"scope": scope_of(thread_id), "about": container.name, "group_id": group_id}
