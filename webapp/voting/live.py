"""Live topics of votes: anyone who may see a vote may subscribe to it.

A signal says that something happened, never what.
"""

from typing import Any
from uuid import UUID

from ..core import live
from ..core.extensions import db
from . import reads
from .models import AFTER_CLOSE, Vote


def topic_of(vote: Vote) -> str:
    """Return the topic that the vote's page subscribes to."""
    return f"vote:{vote.id}"


def may_show_readers(vote: Vote) -> bool:
    """Whether its page shows who is viewing it. Not where that, beside a growing result, would
    reveal whose ballot came in.
    """
    return not vote.is_secret and (vote.results == AFTER_CLOSE or not vote.is_anonymous)


@live.presence_place("vote")
def shows_readers(vote_id: UUID) -> bool:
    """`may_show_readers` for an id; False if there's no such vote."""
    vote = db.session.get(Vote, vote_id)
    return vote is not None and may_show_readers(vote)


@live.topic("vote")
def may_watch(user: Any, vote_id: UUID) -> bool:
    """Whether `user` may see the vote with this id."""
    return reads.exists_for(user, vote_id)
