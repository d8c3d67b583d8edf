"""The site's admins hide a vote that is over: its title stays listed, with who hid it and when. Its ballots and its result are
kept, and come back with it."""

from ..accounts.models import User
from ..core import audit, clock
from ..core.database import locked
from . import notices
from .models import Vote


def may_be(vote: Vote) -> bool:
    """Whether the vote can be hidden: nobody is kept from voting."""
    return vote.is_counted or vote.is_cancelled


def hide(vote: Vote, by: User) -> None:
    """Nobody sees more of the vote than its title and who hid it."""
    vote = locked(Vote, vote.id)
    if vote.hidden_at is None:
        vote.hidden_at, vote.hidden_by = clock.now(), by
    audit.record("vote.hidden", by=by, subject=vote)
    notices.changed(vote)


def unhide(vote: Vote, by: User) -> None:
    """The vote is back as it was."""
    vote = locked(Vote, vote.id)
    vote.hidden_at, vote.hidden_by = None, None
    audit.record("vote.shown", by=by, subject=vote)
    notices.changed(vote)
