"""Who leaves the group while its vote is open: a ballot that was cast stays and counts, the right to cast or change one goes.

The line stays on the roll, marked: the roll is frozen, and so is its length. Who comes back before closing may vote again.
Votes among those who go to an event are not touched: their roll is of the event, not of the group.
"""

from typing import Any

import sqlalchemy as sa

from ..core import clock, hooks
from ..core.extensions import db
from ..groups.models import OPEN, Group
from ..notifications import inbox
from ..notifications.models import Notification
from .models import MEMBERS, Vote, Voter


def subscribe() -> None:
    """Leaving and coming back reach the rolls of open votes."""
    hooks.member_left.subscribe(_left)
    hooks.member_joined.subscribe(_joined)


def _left(group: Group, user: Any) -> None:
    _mark(group, user, clock.now())
    if group.visibility != OPEN:
        slugs = sa.select(sa.literal("/votes/") + Vote.slug).where(Vote.group_id == group.id, Vote.electorate == MEMBERS)
        inbox.mail_no_more(user.id, Notification.url.in_(slugs))


def _joined(group: Group, user: Any) -> None:
    _mark(group, user, None)


def _mark(group: Group, user: Any, moment: Any) -> None:
    open_ones = sa.select(Vote.id).where(
        Vote.group_id == group.id,
        Vote.electorate == MEMBERS,
        Vote.opened_at.is_not(None),
        Vote.closed_at.is_(None),
    )
    mine = sa.update(Voter).where(Voter.user_id == user.id, Voter.vote_id.in_(open_ones))
    db.session.execute(mine.values(left_at=moment), execution_options={"synchronize_session": "fetch"})
