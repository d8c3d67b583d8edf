"""For whom a vote exists: conditions on Vote, joined with its Group, that go by indexes, however
many votes there are.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ...events.models import DRAFT, Event, Rsvp
from ...events.models import GOING as RSVP_GOING
from ...events.models import GROUP as FOR_GROUP
from ...groups import access as groups
from ...groups.models import OPEN as OPEN_GROUP
from ...groups.models import Group
from ..models import CLOSE, GOING, KEEP, OF_EVENT, Vote, Voter


def visible_to(user: Any) -> sa.ColumnElement[bool]:
    """The condition for what exists for `user`."""
    if user.id is None:
        return sa.false()
    return visible(user.id, list(groups.roles_of(user)), list(groups.banned_from(user)))


def visible(reader: Any, in_groups: Any, banned_from: Any) -> sa.ColumnElement[bool]:
    """`visible_to` for the id of a person and the ids of their groups, or for what will stand in
    for them.
    """
    living = sa.and_(Vote.deleted_at.is_(None), Group.deleted_at.is_(None))
    outside = Vote.id.in_(sa.union_all(*_outside(reader, banned_from)))
    return sa.and_(living, sa.or_(Vote.group_id.in_(in_groups), outside))


def _outside(reader: Any, banned_from: Any) -> list[sa.Select[Any]]:
    """Votes of an event's people, about events that outsiders may see: with the reader on the roll,
    or going while there is none for good. Votes that people keep who leave the group. Whoever was
    banned from the group has no part in it."""
    vote, group = aliased(Vote), aliased(Group)
    open_to_all = (
        Event.deleted_at.is_(None),
        Event.hidden_at.is_(None),
        Event.state != DRAFT,
        Event.audience != FOR_GROUP,
    )
    found = sa.select(vote.id).where(vote.group_id.not_in(banned_from))
    kept = found.join(Voter, Voter.vote_id == vote.id)
    kept = kept.where(vote.leavers == KEEP, Voter.user_id == reader, Voter.left_at.is_(None))
    found = found.join(Event, Event.id == vote.event_id).join(group, group.id == vote.group_id)
    found = found.where(vote.electorate.in_(OF_EVENT), *open_to_all, group.visibility == OPEN_GROUP)
    on_roll = found.join(Voter, Voter.vote_id == vote.id).where(Voter.user_id == reader)
    goes = found.join(Rsvp, Rsvp.event_id == vote.event_id).where(
        Rsvp.user_id == reader, Rsvp.state == RSVP_GOING
    )
    not_for_good = sa.or_(
        vote.opened_at.is_(None), sa.and_(vote.roll_at == CLOSE, vote.closed_at.is_(None))
    )
    return [on_roll, goes.where(vote.electorate == GOING, not_for_good), kept]
