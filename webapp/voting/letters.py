"""The words of the letters about votes, found at the moment of delivery."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from ..accounts.models import User
from ..accounts.reads import reader
from ..core.extensions import db
from ..core.links import absolute
from ..mail.letters import Context, letter
from . import access, reads, words
from .models import Vote


@letter("voting/opened")
def opened(user: str, vote: str) -> Context | None:
    """That one may vote; pointless once it is over, or the person has voted or left."""
    person, it = _of(user, vote)
    if person is None or it is None or not access.can_vote(person, it) or reads.ballot_of(person, it) is not None:
        return None
    options = ", ".join(option.title for option in it.options)
    return _about(person, it, facts=[(_("Question"), it.title), (_("Options"), options)])


@letter("voting/closed")
def closed(user: str, vote: str) -> Context | None:
    """How it ended; pointless once the vote was deleted."""
    person, it = _of(user, vote)
    if person is None or it is None or not it.is_counted:
        return None
    outcome = reads.outcome_of(it)
    turnout = _("%(cast)s of %(roll)s", cast=outcome.cast, roll=it.roll_count)
    facts = [(line.title, str(line.total)) for line in words.lines(it, outcome)]
    return _about(person, it, finding=words.finding(it, outcome), facts=[*facts, (_("Voted"), turnout)])


def _of(user: str, vote: str) -> tuple[User | None, Vote | None]:
    person, it = reader(user), db.session.get(Vote, UUID(vote))
    gone = it is None or it.deleted_at is not None or it.cancelled_at is not None or it.group.deleted_at is not None
    return person, None if gone else it


def _about(person: User, vote: Vote, **more: Any) -> Context:
    return {"user": person, "vote": vote, "group": vote.group, "url": absolute(vote.path), **more}
