"""How a vote is reported, and hidden by site admins.

Site admins decide, not the group's: anyone who leads the group might want a result to be gone. A
hidden vote's title stays listed, with who hid it and when. If the vote had closed, its ballots and
result are kept and return when it's unhidden. Hiding an open vote cancels it: people were kept from
voting.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import NotFound

from ..accounts.models import User
from ..core.db.session import locked
from ..core.extensions import db
from ..core.jobs import fan_out
from ..core.observability import audit
from ..core.time import clock
from ..moderation.reportable_types import Around, Reportable, paragraphs, reportable
from . import notices, reads
from .models import CALLED_OFF, ENDED, Vote
from .planning import votes
from .planning.methods import METHODS
from .results import question


def hide(vote: Vote, by: User) -> None:
    """Hide everything about the vote but its title and who hid it, in inboxes too. Cancels it if
    it's open.
    """
    vote = locked(Vote, vote.id)
    if vote.hidden_at is None:
        if votes.uncancellable_because(vote) is None:
            votes.cancel(vote, by, _("A site admin hid it."))
        vote.hidden_at, vote.hidden_by = clock.now(), by
        _renew_lines(vote)
    audit.record("vote.hidden", by=by, subject=vote)
    notices.changed(vote)


def unhide(vote: Vote, by: User) -> None:
    """Show the vote again: a closed one as it was, one that was open as cancelled."""
    vote = locked(Vote, vote.id)
    vote.hidden_at, vote.hidden_by = None, None
    _renew_lines(vote)
    audit.record("vote.shown", by=by, subject=vote)
    notices.changed(vote)


def _renew_lines(vote: Vote) -> None:
    fan_out.hold(vote.id, ENDED, CALLED_OFF)
    notices.reword_result(vote)


def _load(user: Any, vote_id: UUID) -> Vote:
    vote = _find(vote_id)
    if vote is None or not reads.exists_for(user, vote.id):
        raise NotFound()
    return vote


def _find(vote_id: UUID) -> Vote | None:
    return db.session.scalar(sa.select(Vote).where(Vote.id == vote_id, Vote.deleted_at.is_(None)))


def _excerpt(vote: Vote) -> str:
    """Return everything that its author wrote."""
    return paragraphs(
        vote.title, vote.description, "\n".join(question.titles(vote)), vote.cancelled_reason
    )


def _around(vote: Vote, user: Any) -> Around:
    return [("vote", _("Kind"), METHODS[vote.kind].name), ("people", _("Group"), vote.group.name)]


def _hiding(vote: Vote) -> str:
    if votes.uncancellable_because(vote) is not None:
        return _("Only its title stays listed, with your name. Its ballots and result are kept.")
    return _(
        "The vote will be cancelled for good, and we’ll tell everyone who can vote. Its title "
        "stays listed, with your name."
    )


def register() -> None:
    """Let people report votes."""
    reportable(
        Reportable(
            name="vote",
            title=_l("A vote"),
            icon="vote",
            load=_load,
            find=_find,
            label=lambda vote: vote.title,
            url=lambda vote: vote.path,
            group=lambda vote: None,
            author=lambda vote: vote.author,
            excerpt=_excerpt,
            hide=lambda vote, by, reason: hide(vote, by),
            unhide=unhide,
            is_hidden=lambda vote: vote.hidden_at is not None,
            hiding=_hiding,
            around=_around,
        )
    )
