"""The words of the letters about votes, found at the moment of delivery."""

from typing import Any
from uuid import UUID

from flask import current_app

from ..accounts.models import User
from ..core.extensions import db
from ..mail.letters import letter
from . import access, ballots, news, reads
from .models import Vote


@letter("voting/opened")
def opened(user: str, vote: str) -> dict[str, Any] | None:
    """Pointless once it is over, or the person has voted or left."""
    person, it = _of(user, vote)
    if person is None or it is None or not access.can_vote(person, it) or ballots.of(it, person) is not None:
        return None
    return _context(person, it)


@letter("voting/closed")
def closed(user: str, vote: str) -> dict[str, Any] | None:
    """Pointless once the vote was deleted."""
    person, it = _of(user, vote)
    if person is None or it is None or not it.is_counted:
        return None
    return _context(person, it) | {"result": news.result_in_words(it), "outcome": reads.outcome_of(it)}


def _of(user: str, vote: str) -> tuple[User | None, Vote | None]:
    person, it = db.session.get(User, UUID(user)), db.session.get(Vote, UUID(vote))
    return person, None if it is None or it.deleted_at is not None or it.cancelled_at is not None else it


def _context(person: User, vote: Vote) -> dict[str, Any]:
    url = f"{current_app.config['SITE_URL']}/votes/{vote.slug}"
    return {"person": person, "vote": vote, "group": vote.group, "url": url}
