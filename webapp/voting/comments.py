"""What people say to each other about a vote: one thread of the conversation's own, which begins
with the first comment or when moderators close it. Everyone who sees the vote reads and writes; its
group's moderators manage it (decisions/0038)."""

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..conversation import threads
from ..conversation.access import containers
from ..conversation.models import OPENING, VOTE, Thread
from ..core.db.session import locked
from ..core.extensions import db
from ..core.time import clock
from ..groups.access import role_of
from ..groups.models import Group, Membership
from ..groups.reads import kept_out
from . import access, reads
from .electorate import electorates
from .models import Vote, Voter

#: A thread keeps so much of a title.
LONGEST_TITLE = 120


class VoteContainer:
    """A vote as a place of a conversation."""

    kind = VOTE

    def __init__(self, vote: Vote) -> None:
        self.vote, self.about_id = vote, vote.id
        self.name, self.path = vote.title, vote.path
        self.group: Group | None = vote.group
        self.stands = vote.deleted_at is None and vote.group.deleted_at is None

    def trail(self) -> list[tuple[str, str]]:
        """Its group, and the vote."""
        return [(self.vote.group.name, self.vote.group.path), (self.vote.title, self.path)]

    def title_of(self, thread: Thread) -> str:
        """There is but one."""
        return _("Discussion of “%(vote)s”", vote=self.vote.title)

    def exists_for(self, user: Any) -> bool:
        """Whether `user` may see the vote."""
        return reads.exists_for(user, self.vote.id)

    def can(self, user: Any, action: str) -> bool:
        """Everyone who sees the vote reads and writes; those who moderate its group manage it."""
        if action == containers.MODERATE:
            return access.can_moderate(user, self.vote)
        return action in (containers.READ, containers.WRITE)

    def path_of(self, thread_id: uuid.UUID, number: int = OPENING) -> str:
        """Below the vote's own address, without the thread's id."""
        return f"{self.path}/comments{containers.at(number)}"

    def members(self) -> sa.Select[Any]:
        """The group's members, and who is on the roll from outside and still sees the vote."""
        vote = self.vote
        belongs = sa.select(Membership.user_id).where(Membership.group_id == vote.group_id)
        inside = User.id.in_(belongs)
        if not electorates.has_outsiders(vote):
            return sa.select(User).where(inside)
        roll = sa.select(Voter.user_id).where(Voter.vote_id == vote.id, Voter.left_at.is_(None))
        return sa.select(User).where(
            sa.or_(inside, sa.and_(User.id.in_(roll), ~kept_out(vote.group_id, User.id)))
        )

    def signals(self, thread: Thread, is_new: bool) -> Sequence[str]:
        """The vote's page and that of its discussion fetch what is new."""
        return [self.topic_of(thread)] if is_new else []

    def topic_of(self, thread: Thread) -> str:
        """The vote's own: an open page listens before there is a thread."""
        return f"vote:{self.vote.id}:comments"

    def who_reads(self) -> str:
        """Before someone writes: for whom it is."""
        group = self.vote.group.name
        if electorates.has_outsiders(self.vote):
            return _(
                "With your name: the members of %(group)s read it, and who may vote.", group=group
            )
        return _("The members of %(group)s read it.", group=group)

    def shared_with(self, user: Any) -> uuid.UUID | None:
        """The vote's group, where `user` belongs to it."""
        return self.vote.group_id if role_of(user, self.vote.group) is not None else None

    def chip_of(self, post: Any) -> str:
        """Who put the question."""
        return _("Asked the question") if post.author["id"] == self.vote.author_id else ""


def thread_of(vote: Vote) -> Thread:
    """The vote's thread, as it is; one that nobody has begun is not in the database."""
    return vote.thread or Thread(
        id=vote.id,
        kind=VOTE,
        title=vote.title,
        is_announcement=False,
        last_number=0,
        reply_count=0,
        last_at=clock.now(),
    )


def begun(vote: Vote) -> Thread:
    """The vote has a thread: the person who put the question hears of what is written there, unless
    they turn that off.
    """
    vote = locked(Vote, vote.id)
    if vote.thread is None:
        followers = (
            [vote.author]
            if vote.author.is_active and role_of(vote.author, vote.group) is not None
            else []
        )
        vote.thread = threads.begin_at(VOTE, vote.author, vote.title[:LONGEST_TITLE], followers)
        db.session.flush()
    return vote.thread


def renamed(vote: Vote) -> None:
    """What people are told of it has the vote's title of now."""
    if vote.thread is not None:
        vote.thread.title = vote.title[:LONGEST_TITLE]


def find(thread: Thread) -> VoteContainer | None:
    """The vote under which the thread is held; None once it is gone for good."""
    vote = db.session.scalar(
        access.whole().where(Vote.thread_id == thread.id, Vote.deleted_at.is_(None))
    )
    return VoteContainer(vote) if vote is not None else None
