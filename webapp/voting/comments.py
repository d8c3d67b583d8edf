"""Comments on a vote: one thread of `conversation`, created with the first comment or when
moderators close it. Everyone who sees the vote can read and write; moderators of its group moderate
it (decisions/0038).
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..conversation import access as conversation_access
from ..conversation.comments import CommentsContainer
from ..conversation.models import VOTE, Thread
from ..core.extensions import db
from ..groups.access import role_of
from ..groups.models import Membership
from ..groups.reads import has_ban
from . import access, reads
from .electorate import electorates
from .models import Vote, Voter

#: What a vote calls the actions of a conversation. It has no announcements, and one thread.
ACTIONS = {
    conversation_access.READ: "vote:view",
    conversation_access.WRITE: "vote:comment",
    conversation_access.MODERATE: "vote:moderate",
}


class VoteContainer(CommentsContainer):
    """A vote as a container of a conversation."""

    kind = VOTE

    def __init__(self, vote: Vote) -> None:
        super().__init__(vote)
        self.vote = vote
        self.is_active = vote.deleted_at is None and vote.group.deleted_at is None

    def author(self) -> User:
        """The vote's author."""
        return self.vote.author

    def first_followers(self) -> Iterable[User]:
        """The vote's author, while they belong to the group."""
        author, group = self.vote.author, self.vote.group
        return [author] if author.is_active and role_of(author, group) is not None else []

    def trail(self) -> list[tuple[str, str]]:
        """The group and the vote, as (label, path)."""
        return [(self.vote.group.name, self.vote.group.path), (self.vote.title, self.path)]

    def title_of(self, thread: Thread) -> str:
        """A vote has only one thread."""
        return _("Discussion of “%(vote)s”", vote=self.vote.title)

    def exists_for(self, user: Any) -> bool:
        """Whether `user` may see the vote."""
        return reads.exists_for(user, self.vote.id)

    def can(self, user: Any, action: str) -> bool:
        """Whether `user`, who sees the vote, may do what the vote calls that."""
        return action in ACTIONS and access.can(user, ACTIONS[action], self.vote)

    def members(self) -> sa.Select[Any]:
        """The group's members, and people on the electoral roll from outside who still see the
        vote.
        """
        vote = self.vote
        belongs = sa.select(Membership.user_id).where(Membership.group_id == vote.group_id)
        inside = User.id.in_(belongs)
        if not electorates.has_outsiders(vote):
            return sa.select(User).where(inside)
        roll = sa.select(Voter.user_id).where(Voter.vote_id == vote.id, Voter.left_at.is_(None))
        return sa.select(User).where(
            sa.or_(inside, sa.and_(User.id.in_(roll), ~has_ban(vote.group_id, User.id)))
        )

    def readers_in_words(self) -> str:
        """Return who will see a comment, which is shown before someone writes one."""
        group = self.vote.group.name
        if electorates.has_outsiders(self.vote):
            return _(
                "Shown with your name to members of %(group)s and to people who can vote.",
                group=group,
            )
        return _("Shown to members of %(group)s.", group=group)

    def chip_of(self, post: Any) -> str:
        """Mark the vote's author."""
        return _("Started the vote") if post.author["id"] == self.vote.author_id else ""


def find(thread: Thread) -> VoteContainer | None:
    """Return the vote that the thread belongs to; None if it was deleted."""
    vote = db.session.scalar(
        access.with_context().where(Vote.thread_id == thread.id, Vote.deleted_at.is_(None))
    )
    return VoteContainer(vote) if vote is not None else None
