"""Which events someone is shown, as conditions of statements: what `access` says of one event,
said of all.
"""

import uuid
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from ..groups import reads as group_reads
from ..groups.access import roles_of
from ..groups.models import OPEN, Group, Membership
from .models import CANCELLED, EVERYONE, LINK, PUBLISHED, Event, EventHost


def listed_for(user: Any) -> sa.ColumnElement[bool]:
    """The condition on Event (its Group outer-joined) for what lists show `user`: never a draft.

    What is for everyone with the link is listed for the group's members and the hosts alone, what
    was hidden for the hosts.
    """
    return _listed_for(user.id, tuple(roles_of(user)))


@lru_cache(maxsize=1024)
def _listed_for(user_id: Any, groups: tuple[uuid.UUID, ...]) -> sa.ColumnElement[bool]:
    """Made once for each reader: to make it takes longer than the list that it is for."""
    return _seen_by(SimpleNamespace(id=user_id), (EVERYONE,), list(groups))


def visible_to(user: Any) -> sa.ColumnElement[bool]:
    """The condition on Event (its Group outer-joined) for what `user` sees when they know of it:
    never a draft.
    """
    return _seen_by(
        user, (EVERYONE, LINK), sa.select(Membership.group_id).where(Membership.user_id == user.id)
    )


def _seen_by(user: Any, audiences: tuple[str, ...], groups: Any) -> sa.ColumnElement[bool]:
    living = sa.and_(
        Event.deleted_at.is_(None),
        Event.state.in_((PUBLISHED, CANCELLED)),
        Group.deleted_at.is_(None),
    )
    shown = Event.hidden_at.is_(None)
    ways = [
        sa.and_(
            shown,
            Event.audience.in_(audiences),
            sa.or_(Event.group_id.is_(None), Group.visibility == OPEN),
        )
    ]
    if user.id is not None:
        ways.append(sa.and_(shown, Event.group_id.in_(groups)))
        ways.append(hosted_by(user))
    return sa.and_(living, sa.or_(*ways))


def owned_by(user: Any) -> sa.ColumnElement[bool]:
    """The condition on Event for what `user` owns, and may still run: of a group's events only
    while they belong to it.
    """
    mine = sa.select(Membership.group_id).where(Membership.user_id == user.id)
    return sa.and_(
        Event.owner_id == user.id, sa.or_(Event.group_id.is_(None), Event.group_id.in_(mine))
    )


def hosted_by(user: Any) -> sa.ColumnElement[bool]:
    """The condition on Event for what `user` runs as its owner or a named host, not for leading
    its group.
    """
    return sa.or_(owned_by(user), Event.id.in_(named_by(user)))


def named_by(user: Any) -> sa.Select[Any]:
    """The events of which `user` is a named host, and no ban from their group takes that away."""
    named = sa.select(EventHost.event_id).join(Event, Event.id == EventHost.event_id)
    return named.where(EventHost.user_id == user.id, ~group_reads.kept_out(Event.group_id, user.id))
