"""Opening a vote, which writes its electoral roll and draws its lot, and closing it, which makes
its result final.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ...accounts.models import User
from ...core.db import database_clock
from ...core.db.session import locked
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.jobs import fan_out
from ...core.observability import audit
from ...core.time import clock
from ...groups.models import Group
from .. import access, notices
from ..electorate import electorates, roll
from ..models import CLOSE, ENDED, OPENED, Vote
from ..results import counting
from ..secret import lifecycle as secret_lifecycle


class NobodyElse(UserError):
    """Nobody but its author could vote, now or later. The form asks for confirmation."""


def require_others(vote: Vote) -> None:
    """Raises NobodyElse if only the author can vote, and others can't be added later."""
    if vote.roll_at == CLOSE or electorates.needs_invitees(vote):
        return
    others = (
        access.electors(vote).where(User.id != vote.author_id).with_only_columns(User.id).limit(1)
    )
    if db.session.scalar(others) is None:
        raise NobodyElse(_("No one else could vote on this."))


def due_to_open() -> list[UUID]:
    """Return the votes to open. Votes whose closing time has passed, too, are closed without being
    opened.
    """
    now = database_clock.now()
    due = _living().where(
        Vote.opened_at.is_(None),
        Vote.opens_at <= now,
        Vote.closes_at > now,
        ~electorates.has_no_invitees(),
    )
    return list(db.session.scalars(due))


def due_to_close() -> list[UUID]:
    """Return the votes to close."""
    return list(
        db.session.scalars(
            _living().where(Vote.closed_at.is_(None), Vote.closes_at <= database_clock.now())
        )
    )


def _living() -> sa.Select[UUID]:
    living = sa.select(Vote.id).join(Group, Group.id == Vote.group_id).order_by(Vote.closes_at)
    return living.where(
        Vote.cancelled_at.is_(None), Vote.deleted_at.is_(None), Group.deleted_at.is_(None)
    )


def open_now(vote_id: UUID) -> bool:
    """Open the vote if it's due; return whether this call opened it."""
    vote = locked(Vote, vote_id)
    return open_if_due(vote, database_clock.now())


def open_if_due(vote: Vote, now: datetime) -> bool:
    """Open a locked vote if it's due at `now`, a time of the database's clock; return whether it
    was opened.
    """
    if (
        vote.opened_at is not None
        or vote.cancelled_at is not None
        or not vote.opens_at <= now < vote.closes_at
    ):
        return False
    if electorates.needs_invitees(vote) or _cancel_if_too_few_voters(vote):
        return False
    people = roll.write(vote)
    vote.opened_at = now
    counting.draw_lot(vote)
    if vote.is_secret:
        secret_lifecycle.begin(vote, people)
    fan_out.start(OPENED, vote.id)
    notices.changed(vote)
    db.session.flush()
    return True


def _cancel_if_too_few_voters(vote: Vote) -> bool:
    """Cancel a secret vote with too few voters instead of opening it, and tell its author; return
    whether it was cancelled.
    """
    refusal = secret_lifecycle.why_not(vote)
    if refusal is None:
        return False
    vote.cancelled_at, vote.cancelled_reason = clock.now(), refusal
    audit.record("vote.cancelled", subject=vote)
    notices.opening_failed(vote)
    notices.changed(vote)
    db.session.flush()
    return True


def close(vote_id: UUID) -> bool:
    """Close the vote if it's due: no more ballots, and the result is final. Return whether this
    call closed it.
    """
    vote, now = locked(Vote, vote_id), database_clock.now()
    if vote.closed_at is not None or vote.cancelled_at is not None or now < vote.closes_at:
        return False
    if vote.roll_at == CLOSE and vote.opened_at is not None:
        roll.follow(vote, notify=False)
    vote.closed_at = now
    if vote.is_secret:
        secret_lifecycle.seal(vote)
    counting.reveal_seed(vote)
    counting.store_outcome(vote)
    db.session.flush()
    fan_out.start(ENDED, vote.id)
    notices.changed(vote)
    return True
