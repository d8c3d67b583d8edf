"""Comments on an event or a vote: one thread, which begins with the first comment or when it is
closed (decisions/0038).

What can be commented on has a subclass of `CommentsContainer`; its feature adds it with
`access.register_container` and mounts its pages with `routes.comments.mount`.
"""

import uuid
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from ..accounts.models import User
from ..core.db.session import locked
from ..core.extensions import db
from ..core.time import clock
from ..groups.access import role_of
from ..groups.models import Group
from . import access, threads
from .models import OPENING, Thread

#: A thread keeps so much of a title.
LONGEST_TITLE = 120


class CommentsContainer(access.Container):
    """What is commented on: `about` has an id, a title, a path, a group and a thread."""

    def __init__(self, about: Any) -> None:
        self.about, self.about_id = about, about.id
        self.name, self.path = about.title, about.path
        self.group: Group | None = about.group

    @abstractmethod
    def author(self) -> User:
        """The person in whose name the thread begins."""

    @abstractmethod
    def first_followers(self) -> Iterable[User]:
        """People who hear of comments from the first one on, unless they turn that off."""

    def thread(self) -> Thread:
        """The thread as it is; one that hasn't begun isn't in the database."""
        return self.about.thread or Thread(
            id=self.about_id,
            kind=self.kind,
            title=self.name,
            is_announcement=False,
            last_number=0,
            reply_count=0,
            last_at=clock.now(),
        )

    def begin(self) -> Thread:
        """The thread, which begins now if it hasn't."""
        about = locked(type(self.about), self.about_id)
        if about.thread is None:
            about.thread = threads.create_empty(
                self.kind, self.author(), about.title[:LONGEST_TITLE], self.first_followers()
            )
            db.session.flush()
        return about.thread

    def rename(self) -> None:
        """The thread has the title of now, which notifications show."""
        if self.about.thread is not None:
            self.about.thread.title = self.about.title[:LONGEST_TITLE]

    def path_of(self, thread_id: uuid.UUID, number: int = OPENING) -> str:
        """Below the address of what it is about, without the thread's id."""
        return f"{self.path}/comments{access.position_query(number)}"

    def signals(self, thread: Thread, is_new: bool) -> Sequence[str]:
        """Open pages fetch what is new."""
        return [self.topic_of(thread)] if is_new else []

    def topic_of(self, thread: Thread) -> str:
        """Not the thread's own: an open page listens before there is one."""
        return f"{self.kind}:{self.about_id}:comments"

    def shared_with(self, user: Any) -> uuid.UUID | None:
        """The group, if `user` belongs to it."""
        is_member = self.group is not None and role_of(user, self.group) is not None
        return self.group.id if self.group is not None and is_member else None
