"""The site's admins hide a vote: its title stays listed, with who hid it and when. Of one that is
over the ballots and the result are kept and come back with it. One that isn't over is cancelled:
people were kept from voting, so its result wouldn't be fair."""

from flask_babel import gettext as _

from ..accounts.models import User
from ..core import audit, clock
from ..core.database import locked
from . import errands, notices, votes
from .models import CALLED_OFF, ENDED, Vote


def hide(vote: Vote, by: User) -> None:
    """Nobody sees more of the vote than its title and who hid it, in inboxes neither.

    Nobody votes any more.
    """
    vote = locked(Vote, vote.id)
    if vote.hidden_at is None:
        if votes.uncancellable_because(vote) is None:
            votes.cancel(vote, by, _("An admin of this site hid it."))
        vote.hidden_at, vote.hidden_by = clock.now(), by
        _renew_lines(vote)
    audit.record("vote.hidden", by=by, subject=vote)
    notices.changed(vote)


def unhide(vote: Vote, by: User) -> None:
    """What was over is back as it was; what was open is back as a cancelled vote."""
    vote = locked(Vote, vote.id)
    vote.hidden_at, vote.hidden_by = None, None
    _renew_lines(vote)
    audit.record("vote.shown", by=by, subject=vote)
    notices.changed(vote)


def _renew_lines(vote: Vote) -> None:
    errands.hold(vote, ENDED, CALLED_OFF)
    notices.ended_otherwise(vote)
