"""Comments on an event: one thread, created with the first comment or when hosts close comments.

Everyone who sees the event can read them; the event's access decides who can write. See
`decisions/0038`.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..conversation import access as conversation_access
from ..conversation.comments import CommentsContainer
from ..conversation.models import EVENT, FOLLOWS, Thread, ThreadReader
from ..groups.models import Membership
from . import access
from .audience import CONCERNED, hosts_of
from .models import Event, EventHost, Rsvp


class EventContainer(CommentsContainer):
    """An event as a container of a thread."""

    kind = EVENT

    def __init__(self, event: Event) -> None:
        super().__init__(event)
        self.event = event
        self.is_active = access.is_announced(event)

    def author(self) -> User:
        """The event's owner."""
        return self.event.owner

    def first_followers(self) -> Iterable[User]:
        """The event's hosts."""
        return hosts_of(self.event)

    def trail(self) -> list[tuple[str, str]]:
        """Its group, and the event."""
        above = (
            [(self.group.name, self.group.path)]
            if self.group is not None
            else [(_("Events"), "/events")]
        )
        return [*above, (self.event.title, self.path)]

    def title_of(self, thread: Thread) -> str:
        """Return the title; there is only one thread."""
        return _("Comments on %(event)s", event=self.event.title)

    def exists_for(self, user: Any) -> bool:
        """Whether `user` may see the event."""
        return access.may_see(user, self.event)

    def can(self, user: Any, action: str) -> bool:
        """Who sees the event can read; others as `access` says. Hosts and group moderators
        moderate.
        """
        if action == conversation_access.READ:
            return True
        if action == conversation_access.MODERATE:
            return access.can_moderate(user, self.event)
        return action == conversation_access.WRITE and access.can_comment(user, self.event)

    def members(self) -> sa.Select[Any]:
        """Hosts, people who answered or follow it, and the group's members, if they may still see
        it.
        """
        event = self.event
        belongs = sa.select(Membership.user_id).where(Membership.group_id == event.group_id)
        hosts = sa.select(EventHost.user_id).where(EventHost.event_id == event.id)
        inside = sa.or_(User.id.in_(belongs), User.id.in_(hosts))
        if not access.is_open_to_others(event):
            return sa.select(User).where(inside)
        answered = sa.select(Rsvp.user_id).where(
            Rsvp.event_id == event.id, Rsvp.state.in_(CONCERNED), Rsvp.user_id.is_not(None)
        )
        follows = sa.select(ThreadReader.user_id).where(
            ThreadReader.thread_id == event.thread_id, ThreadReader.state == FOLLOWS
        )
        return sa.select(User).where(
            sa.or_(inside, User.id == event.owner_id, User.id.in_(answered), User.id.in_(follows))
        )

    def readers_in_words(self) -> str:
        """Say who can read a comment, before someone writes."""
        if access.is_open_to_others(self.event):
            return _(
                "Everyone who can see this event can read comments with your name, even without an "
                "account."
            )
        assert self.group is not None
        return _(
            "Members of %(group)s and the event’s hosts can read comments.", group=self.group.name
        )

    def chip_of(self, post: Any) -> str:
        """Return the label of comments by hosts."""
        hosts = {self.event.owner_id, *(host.user_id for host in self.event.hosts)}
        return _("Host") if post.author["id"] in hosts else ""


def find(thread: Thread) -> EventContainer | None:
    """Return the event of the thread; None if it is gone."""
    event = access.event_where(Event.thread_id == thread.id)
    return EventContainer(event) if event is not None else None
