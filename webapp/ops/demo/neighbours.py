"""Small groups beside the three main ones, so that there is something to find."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from ...core.extensions import db
from ...core.time import clock, time_zones
from ...events import planning
from ...events.event_input import EventInput
from ...events.models import Event
from ...groups import groups, memberships
from ...groups.models import OPEN, Category, Group, Membership
from . import texts
from .people import Cast


@dataclass(frozen=True)
class Neighbour:
    """A group: its owner, number of members, topics, next event, and the arguments to create it."""

    owner: str
    members: int
    topics: list[str]
    values: dict[str, Any]
    plans: str = ""


def create(cast: Cast, but: str, chance: random.Random) -> None:
    """Create the groups, some with a coming event; the person named `but` joins none."""
    others = [person for person in cast.values() if person.name != but]
    for neighbour in texts.rows(Neighbour, texts.load("neighbours")):
        owner = cast[neighbour.owner]
        group = groups.create(by=owner, **_values(neighbour))
        for person in chance.sample(
            [person for person in others if person is not owner], neighbour.members - 1
        ):
            memberships.admit(group, person)
        _since(group, timedelta(days=chance.randrange(20, 400)))
        if neighbour.plans:
            planning.publish(_planned(neighbour, group, cast, chance), by=owner)


def _values(neighbour: Neighbour) -> dict[str, Any]:
    named = Category.name.in_(neighbour.topics)
    topics = list(db.session.scalars(sa.select(Category).where(named)))
    return {**neighbour.values, "visibility": OPEN, "welcome": "", "categories": topics}


def _since(group: Group, ago: timedelta) -> None:
    group.created_at = clock.now() - ago
    mine = sa.update(Membership).where(Membership.group_id == group.id)
    db.session.execute(mine.values(created_at=group.created_at + timedelta(days=1)))


def _planned(neighbour: Neighbour, group: Group, cast: Cast, chance: random.Random) -> Event:
    day = time_zones.wall(clock.now(), group.zone).date() + timedelta(days=chance.randrange(5, 40))
    starts = datetime.combine(day, time(chance.choice((10, 14, 18))))
    ends = starts + timedelta(hours=2)
    plan = EventInput(
        neighbour.plans,
        group.zone,
        starts,
        ends,
        group.summary,
        venue=group.location,
        max_plus_ones=1,
    )
    return planning.create(plan, by=cast[neighbour.owner], group=group)
