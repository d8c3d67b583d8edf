"""The electorate of a vote among invited people: members of its group, chosen one by one until the
roll is final.

It must not reveal blocks: someone who blocked the person inviting is on the electoral roll like
everyone else, but isn't notified.
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ...accounts.models import User
from ...core.db import database_clock
from ...core.db.base import new_id
from ...core.db.session import locked
from ...core.extensions import db
from ...core.http.errors import Conflict, UserError
from ...core.observability import audit
from ...core.text.strings import folded, like_pattern
from ...groups.models import Membership
from .. import notices
from ..models import CLOSE, INVITED, LOSE, Invitee, Vote
from ..planning import lifecycle
from . import roll

#: How many are listed besides those already chosen.
SHOWN = 40
MOST_AT_ONCE = 500


def may_change(vote: Vote) -> bool:
    """Whether people can still be invited, because the electoral roll isn't final."""
    is_over = vote.closed_at is not None or vote.is_cancelled or vote.is_closed
    return (
        vote.electorate == INVITED and not is_over and (vote.opened_at is None or vote.is_roll_open)
    )


def replace(
    vote: Vote, by: User, chosen: Sequence[UUID], alone: bool = True, joins: bool = False
) -> int:
    """Invite exactly these members, and open the vote if it's due. Return how many they are.

    People who have voted stay on the electoral roll. Raises Conflict if the roll is final, and
    UserError if nobody or too many are chosen. `alone`: allow a vote in which only its author could
    vote; otherwise that raises NobodyElse. `joins`: people invited until closing may vote, too.
    """
    vote = locked(Vote, vote.id)
    if not may_change(vote):
        raise Conflict(_("The list of voters is final. No one else can be invited to this vote."))
    if len(chosen) > MOST_AT_ONCE:
        raise UserError(_("You can invite up to %(most)s people.", most=MOST_AT_ONCE), "who")
    people = set(
        db.session.scalars(_members(vote).with_only_columns(User.id).where(User.id.in_(chosen)))
    )
    if not people:
        raise UserError(_("Tick at least one person."), "who")
    before = set(db.session.scalars(sa.select(Invitee.user_id).where(Invitee.vote_id == vote.id)))
    gone = sa.delete(Invitee).where(
        Invitee.vote_id == vote.id, Invitee.user_id.in_(before - people)
    )
    db.session.execute(gone, execution_options={"synchronize_session": "fetch"})
    fresh = people - before
    db.session.add_all(
        Invitee(id=new_id(), vote_id=vote.id, user_id=user_id, by_id=by.id)
        for user_id in sorted(fresh)
    )
    db.session.flush()
    audit.record("vote.invited", by=by, subject=vote, number=len(people))
    if vote.opened_at is not None:
        roll.follow(vote)
    else:
        _open(vote, alone, joins)
    notices.changed(vote)
    return len(people)


def _open(vote: Vote, alone: bool, joins: bool) -> None:
    now = database_clock.now()
    if joins and not vote.is_secret:
        vote.roll_at, vote.leavers = CLOSE, LOSE
    if vote.opens_at <= now and not alone:
        lifecycle.require_others(vote)
    lifecycle.open_if_due(vote, now)


def chosen_of(vote: Vote) -> list[UUID]:
    """Return the ids of the invited people."""
    return list(db.session.scalars(sa.select(Invitee.user_id).where(Invitee.vote_id == vote.id)))


def find_people(vote: Vote, words: str, chosen: Sequence[UUID]) -> tuple[list[User], bool]:
    """Return the chosen people, then members matching the search text, by name; and whether there
    are more than that. One statement.
    """
    is_chosen = User.id.in_(chosen)
    called = sa.and_(
        *(User.search_text.like(like_pattern(word), escape="\\") for word in folded(words).split()),
        sa.true(),
    )
    first, most = sa.case((is_chosen, 0), else_=1), SHOWN + len(chosen)
    query = (
        _members(vote).where(sa.or_(is_chosen, called)).order_by(first, User.search_text, User.id)
    )
    found = list(db.session.scalars(query.limit(most + 1)))
    return found[:most], len(found) > most


def _members(vote: Vote) -> sa.Select[User]:
    people = sa.select(User).join(Membership, Membership.user_id == User.id)
    return people.where(Membership.group_id == vote.group_id, User.deactivated_at.is_(None))
