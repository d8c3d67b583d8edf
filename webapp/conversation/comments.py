"""Comments on an event or a vote: one thread, created by the first comment or by closing comments
(decisions/0038).

A feature adds a subclass of `CommentsContainer` with `access.register_container`, and mounts its
pages with `routes.comments.mount`.
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

#: The longest title of a thread; longer ones are cut.
LONGEST_TITLE = 120


class CommentsContainer(access.Container):
    """The subject of comments: `about` has an id, a title, a path, a group and a thread."""

    def __init__(self, about: Any) -> None:
        self.about, self.about_id = about, about.id
        self.name, self.path = about.title, about.path
        self.group: Group | None = about.group

    @abstractmethod
    def author(self) -> User:
        """Return the person who counts as the thread's author."""

    @abstractmethod
    def first_followers(self) -> Iterable[User]:
        """Return people who are notified from the first comment on, unless they turn that off."""

    def thread(self) -> Thread:
        """Return the thread; before the first comment, one that isn't in the database."""
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
        """Return the thread, and create it if necessary."""
        about = locked(type(self.about), self.about_id)
        if about.thread is None:
            about.thread = threads.create_empty(
                self.kind, self.author(), about.title[:LONGEST_TITLE], self.first_followers()
            )
            db.session.flush()
        return about.thread

    def rename(self) -> None:
        """Copy the current title to the thread, for notifications."""
        if self.about.thread is not None:
            self.about.thread.title = self.about.title[:LONGEST_TITLE]

    def path_of(self, thread_id: uuid.UUID, number: int = OPENING) -> str:
        """Return a path below the subject's, without the thread's id."""
        return f"{self.path}/comments{access.position_query(number)}"

    def signals(self, thread: Thread, is_new: bool) -> Sequence[str]:
        """Let open pages fetch new comments."""
        return [self.topic_of(thread)] if is_new else []

    def topic_of(self, thread: Thread) -> str:
        """Return a topic that doesn't depend on the thread: pages listen before it exists."""
        return f"{self.kind}:{self.about_id}:comments"

    def shared_with(self, user: Any) -> uuid.UUID | None:
        """Return the group if `user` belongs to it."""
        is_member = self.group is not None and role_of(user, self.group) is not None
        return self.group.id if self.group is not None and is_member else None
