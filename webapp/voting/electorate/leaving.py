"""Who leaves the group while its vote is open: a ballot that was cast stays and counts, the right
to cast or change one goes.

The line stays on the roll, marked: the roll is frozen, and so is its length. Who comes back before
closing may vote again. Where the vote says that leavers keep their vote, only a ban ends it. Votes
among the people of an event are not touched: their roll is of the event, not of the group.
"""

from typing import Any

import sqlalchemy as sa

from ...core import hooks
from ...core.extensions import db
from ...core.time import clock
from ...groups import reads
from ...groups.models import OPEN, Group
from ...notifications import inbox
from ...notifications.models import Notification
from ..models import LOSE, OF_EVENT, Vote, Voter
from ..secret import mixing


def subscribe() -> None:
    """Leaving and coming back reach the rolls of open votes; a group that is put away leaves no
    box as it is.
    """
    hooks.member_left.subscribe(_left)
    hooks.member_joined.subscribe(_joined)
    hooks.group_deleted.subscribe(_put_away)


def _left(group: Group, user: Any) -> None:
    over = _over_for(group, user)
    _mark(group, user, clock.now(), over)
    if group.visibility != OPEN:
        slugs = sa.select(sa.literal("/votes/") + Vote.slug).where(Vote.group_id == group.id, over)
        inbox.mail_no_more(user.id, Notification.url.in_(slugs))


def _joined(group: Group, user: Any) -> None:
    _mark(group, user, None, Vote.electorate.not_in(OF_EVENT))


def _over_for(group: Group, user: Any) -> sa.ColumnElement[bool]:
    """The condition on the group's votes that anyone who has just left it has no part in them any
    more.
    """
    of_group = Vote.electorate.not_in(OF_EVENT)
    return of_group if reads.is_banned(group, user) else sa.and_(of_group, Vote.leavers == LOSE)


def _put_away(group: Group) -> None:
    """Perhaps nobody closes its votes any more: what came to secret ones since the last mix
    stands beside nobody.
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
