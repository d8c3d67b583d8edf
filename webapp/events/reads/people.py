"""Everybody who is going to an event, a page at a time: the last of five thousand costs what the
first does.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ...accounts.models import User
from ...core.stretches import Place, Stretch, stretch_of
from ...groups.reads import belongs_together
from ..models import GOING, Event, Guest, Rsvp
from .answers import OF_WHO, person_of

SIZE = 60


def going_to(
    event: Event,
    user: Any,
    hosts: Collection[UUID],
    sees_all: bool,
    place: Place | None = None,
    page: int = 1,
) -> Stretch:
    """Who is going, in the order of their answers; the anonymous only where `sees_all`.

    One statement.
    """
    of_event = (Rsvp.event_id == event.id, Rsvp.state == GOING)
    shown = () if sees_all else (Rsvp.is_anonymous.is_(False),)
    total = sa.select(sa.func.count()).select_from(
        sa.select(Rsvp.id).where(*of_event, *shown).correlate(None).subquery()
    )
    columns: list[Any] = [
        Rsvp.id,
        Rsvp.answered_at,
        Rsvp.user_id,
        Rsvp.guest_id,
        Rsvp.party,
        Rsvp.is_anonymous,
        *OF_WHO,
    ]
    columns += [
        belongs_together(user.id, Rsvp.user_id).label("together"),
        total.scalar_subquery().label("total"),
    ]
    wanted = sa.select(*columns).select_from(Rsvp).outerjoin(User, User.id == Rsvp.user_id)
    wanted = wanted.outerjoin(Guest, Guest.id == Rsvp.guest_id).where(*of_event, *shown)
    stretch = stretch_of(wanted, Rsvp.answered_at, Rsvp.id, place, SIZE)
    numbered = stretch.numbered(
        page if place else 1, stretch.items[0].total if stretch.items else 0
    )
    return numbered._replace(items=[person_of(row, hosts) for row in stretch.items])
