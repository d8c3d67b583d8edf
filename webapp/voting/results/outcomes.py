"""The written outcome of a vote: its organizers add it after closing, and review it on a day that
they choose.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager

from ...accounts.models import User
from ...core.db.base import new_id
from ...core.db.session import locked
from ...core.extensions import db
from ...core.http.errors import Conflict, UserError
from ...core.jobs import fan_out
from ...core.observability import audit
from ...core.time import clock, time_zones
from ...groups import reads as group_reads
from ...groups.models import ORGANIZER, OWNER, Group
from .. import notices
from ..models import OUTCOME, Statement, Vote

LONGEST = 5000


def of(vote: Vote) -> Statement | None:
    """Return the vote's outcome, if there is one."""
    return db.session.scalar(sa.select(Statement).where(Statement.vote_id == vote.id))


def publish(
    vote: Vote, by: User, body: str, review_on: date | None = None, id: UUID | None = None
) -> Statement:
    """Publish the outcome above the result, and notify everyone on the electoral roll once.
    Raises Conflict if there is one already or the vote isn't closed, and UserError if the text or
    the day isn't valid.
    """
    vote = _held(vote)
    _check(vote, body, review_on)
    if of(vote) is not None:
        raise Conflict(_("Someone has since added an outcome. Check it, then make your change."))
    statement = Statement(
        id=id or new_id(), vote_id=vote.id, by_id=by.id, body=body, review_on=review_on, version=1
    )
    db.session.add(statement)
    db.session.flush()
    fan_out.start(OUTCOME, vote.id, by_id=by.id)
    audit.record("vote.concluded", by=by, subject=vote)
    notices.changed(vote)
    return statement


def change(vote: Vote, by: User, body: str, review_on: date | None, version: int) -> Statement:
    """Change the outcome without notifying anyone.
    Raises Conflict if someone else changed it since `version`.
    """
    vote = _held(vote)
    statement = of(vote)
    if statement is None or statement.version != version:
        raise Conflict(
            _(
                "Someone else has changed this since you opened it. Check it, then make your "
                "change again."
            )
        )
    if review_on != statement.review_on:
        _check(vote, body, review_on)
        statement.reminded_at = None
    _check(vote, body, None)
    statement.body, statement.review_on, statement.changed_at = body, review_on, clock.now()
    statement.version += 1
    audit.record("vote.concluded", by=by, subject=vote)
    notices.changed(vote)
    return statement


def closed_because(vote: Vote) -> str | None:
    """Return why no outcome can be written, as a sentence, or None."""
    if vote.is_counted and not vote.is_cancelled:
        return None
    return _("You can add an outcome once voting has closed and the ballots are counted.")


def _held(vote: Vote) -> Vote:
    vote = locked(Vote, vote.id)
    refusal = closed_because(vote)
    if refusal is not None:
        raise Conflict(refusal)
    return vote


def _check(vote: Vote, body: str, review_on: date | None) -> None:
    if not body.strip():
        raise UserError(_("Enter the outcome."), "body")
    if review_on is not None and review_on <= time_zones.wall(clock.now(), vote.zone).date():
        raise UserError(_("Choose a date in the future."), "review_on")


def to_review(now: datetime) -> list[UUID]:
    """Return the outcomes to review today, in their vote's zone, for which no reminder was sent."""
    tomorrow = now.date() + timedelta(days=1)
    query = sa.select(Statement).join(Statement.vote).options(contains_eager(Statement.vote))
    query = query.join(Group, Group.id == Vote.group_id).where(
        Statement.reminded_at.is_(None), Statement.review_on <= tomorrow
    )
    shown = (Vote.deleted_at.is_(None), Vote.hidden_at.is_(None), Vote.cancelled_at.is_(None))
    query = query.where(*shown, Group.deleted_at.is_(None))
    found = db.session.scalars(query.order_by(Statement.id))
    return [
        statement.id
        for statement in found
        if statement.review_at is not None and statement.review_at <= now
    ]


def remind(statement_id: UUID) -> bool:
    """Remind the outcome's author and the group's organizers once to review it."""
    statement = locked(Statement, statement_id)
    if statement.reminded_at is not None or statement.id not in to_review(clock.now()):
        return False
    statement.reminded_at = clock.now()
    notices.review_due(statement.vote, _who_reviews(statement))
    return True


def _who_reviews(statement: Statement) -> Sequence[User]:
    group = statement.vote.group
    people = {person.id: person for person in group_reads.members(group, OWNER, ORGANIZER)}
    author = statement.by
    if author.is_active and group_reads.membership_of(group, author) is not None:
        people.setdefault(author.id, author)
    return list(people.values())
