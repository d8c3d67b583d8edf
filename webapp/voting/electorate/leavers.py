"""People who leave while voting is open.

Those who leave the group keep a ballot they cast, but can't cast or change one. Their entry on the
electoral roll stays, marked: the roll is frozen, and so is its length. If they return before
closing they can vote again. If the vote says that leavers keep their vote, only a ban ends it.

Those who leave by themselves, or close their account, without having voted aren't counted among the
people who can vote. Those who were removed or banned still are, so that nobody can reach a quorum
by removing people. In a secret vote the number is counted at closing only: while voting is open, it
would tell whether the person who just left had voted. `decisions/0065`.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ...core import hooks
from ...core.db.session import FOR_CHANGES, POPULATE_EXISTING
from ...core.extensions import db
from ...core.time import clock
from ...groups import reads
from ...groups.models import OPEN, Group
from ...notifications import inbox
from ...notifications.models import Notification
from .. import notices
from ..models import LOSE, OF_EVENT, Vote, Voter, left_without_voting
from ..secret import mixing

#: Votes in which leaving the group matters.
OF_GROUP = Vote.electorate.not_in(OF_EVENT)


def subscribe() -> None:
    """Subscribe to membership and account changes, which affect the rolls of open votes, and to
    deleted groups, whose secret ballot boxes must be mixed.
    """
    hooks.member_left.subscribe(_left)
    hooks.member_joined.subscribe(_joined)
    hooks.user_deactivated.subscribe(_closed_account)
    hooks.user_returned.subscribe(_reopened_account)
    hooks.group_deleted.subscribe(_put_away)


def count(votes: Sequence[Vote]) -> None:
    """Count who left without having voted. The caller must hold the votes' locks."""
    lines = sa.select(Voter.vote_id, sa.func.count().label("number")).where(
        Voter.vote_id.in_([vote.id for vote in votes]), left_without_voting()
    )
    found = {row.vote_id: row.number for row in db.session.execute(lines.group_by(Voter.vote_id))}
    for vote in votes:
        vote.left_count = found.get(vote.id, 0)


def _left(group: Group, user: Any, by_choice: bool) -> None:
    over = _over_for(group, user)
    _mark(group, user, clock.now(), over)
    if by_choice:
        _set_by_choice(user, True, Vote.group_id == group.id, OF_GROUP)
    if group.visibility != OPEN:
        slugs = sa.select(sa.literal("/votes/") + Vote.slug).where(Vote.group_id == group.id, over)
        inbox.stop_emails(user.id, Notification.url.in_(slugs))


def _joined(group: Group, user: Any) -> None:
    _mark(group, user, None, OF_GROUP)
    _set_by_choice(user, False, Vote.group_id == group.id, OF_GROUP)


def _closed_account(user: Any) -> None:
    if user.is_leaving:  # otherwise an admin closed it
        _set_by_choice(user, True)


def _reopened_account(user: Any) -> None:
    _set_by_choice(user, False, Voter.left_at.is_(None))


def _over_for(group: Group, user: Any) -> sa.ColumnElement[bool]:
    """The condition for the group's votes in which someone who just left it can't vote any more."""
    return OF_GROUP if reads.is_banned(group, user) else sa.and_(OF_GROUP, Vote.leavers == LOSE)


def _put_away(group: Group) -> None:
    """Mix the ballots cast since the last mix, as the votes of a deleted group may never close.
    Their order must not reveal who cast them.
    """
    for vote_id in mixing.unmixed(group.id):
        mixing.stir(vote_id)


def _mark(group: Group, user: Any, moment: Any, which: sa.ColumnElement[bool]) -> None:
    open_ones = sa.select(Vote.id).where(
        Vote.group_id == group.id, Vote.opened_at.is_not(None), Vote.closed_at.is_(None), which
    )
    mine = sa.update(Voter).where(Voter.user_id == user.id, Voter.vote_id.in_(open_ones))
    db.session.execute(
        mine.values(left_at=moment), execution_options={"synchronize_session": "fetch"}
    )


def _set_by_choice(user: Any, by_choice: bool, *which: sa.ColumnElement[bool]) -> None:
    """Note that the person left these votes by themselves, or is back, and count who can vote.

    The votes are locked: a count must neither miss a ballot nor another person who leaves.
    """
    running = (
        Vote.opened_at.is_not(None),
        Vote.closed_at.is_(None),
        Vote.cancelled_at.is_(None),
        Vote.closes_at > clock.now(),
    )
    lines = sa.select(Vote).join(Voter, Voter.vote_id == Vote.id).order_by(Vote.id)
    lines = lines.where(
        Voter.user_id == user.id, Voter.left_by_choice != by_choice, *running, *which
    )
    votes = [vote for vote in _held(lines) if vote.leavers_are_uncounted]
    if not votes:
        return
    mine = sa.update(Voter).where(
        Voter.user_id == user.id, Voter.vote_id.in_([vote.id for vote in votes])
    )
    db.session.execute(
        mine.values(left_by_choice=by_choice), execution_options={"synchronize_session": "fetch"}
    )
    shown = [vote for vote in votes if not vote.is_secret]
    if shown:
        count(shown)
    for vote in shown:
        notices.turnout_changed(vote)


def _held(votes: sa.Select[Any]) -> Sequence[Vote]:
    fresh = votes.with_for_update(of=Vote, **FOR_CHANGES)
    return db.session.scalars(fresh, execution_options=POPULATE_EXISTING).all()
