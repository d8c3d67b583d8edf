"""Small groups besides the three, so that there is something to look for and something to like."""

import random
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ...core.extensions import db
from ...core.time import clock, time_zones
from ...events import planning
from ...events.event_input import EventInput
from ...events.models import Event
from ...groups import groups, memberships
from ...groups.models import APPROVE, INVITE, JOIN, OPEN, Category, Group, Membership
from .people import AUCKLAND, LONDON, PORTO_ALEGRE, Cast


class Neighbour(NamedTuple):
    """A group: who owns it, how many belong, how people join, its topics, and what it plans
    next.
    """

    name: str
    summary: str
    description: str
    place: str
    zone: str
    owner: str
    members: int
    way_in: str
    topics: tuple[str, ...]
    plans: str = ""


NEIGHBOURS = [
    Neighbour(
        "Repair Café Leith",
        "Bring what is broken; we mend it together.",
        "Toasters, zips, lamps, bicycles. Whoever knows how shows whoever doesn’t. The first "
        "Sunday of the month.",
        *(
            "Leith, Edinburgh",
            LONDON,
            "Tomasz Wiśniewski",
            17,
            JOIN,
            ("Repair and making", "Neighbourhood"),
            "Mending morning",
        ),
    ),
    Neighbour(
        "Café Lingua",
        "One table, one language, one hour.",
        "We move from table to table: Gàidhlig, Polski, Português, 日本語. Nobody corrects anybody "
        "unasked.",
        *(
            "Edinburgh",
            LONDON,
            "Chiara Bonetti",
            14,
            JOIN,
            ("Languages", "Food and gardens"),
            "An hour at four tables",
        ),
    ),
    Neighbour(
        "Moss Walkers",
        "Slow walks with a magnifying glass.",
        "Two hours for three hundred metres. We draw what we find and take nothing home.",
        *(
            "Pentland Hills",
            LONDON,
            "Isla Drummond",
            9,
            APPROVE,
            ("Nature", "Sport and outdoors"),
            "Liverworts by the burn",
        ),
    ),
    Neighbour(
        "Coro da Travessa",
        "We sing on Thursdays. No audition, no soloists.",
        "Songs that somebody’s grandmother sang. Scores for those who read them, repetition for "
        "those who don’t.",
        *("Porto Alegre", PORTO_ALEGRE, "Camila Schneider", 12, JOIN, ("Music",), ""),
    ),
    Neighbour(
        "Night Readers",
        "A short book a month, read aloud where it takes place.",
        "We meet where the story happens, or somewhere that could be it, and read until the last "
        "bus.",
        *(
            "Edinburgh",
            LONDON,
            "Aoife Brennan",
            7,
            APPROVE,
            ("Books and writing",),
            "A ghost story at the Water of Leith",
        ),
    ),
    Neighbour(
        "Waka Ama Beginners",
        "Six seats in a canoe, and one of them is yours.",
        "Paddles and life jackets are in the shed by the slipway. You need to be able to swim "
        "fifty metres.",
        *("Whanganui", AUCKLAND, "Wiremu Paki", 11, JOIN, ("Sport and outdoors",), "First strokes"),
    ),
    Neighbour(
        "Links Allotment Committee",
        "Those who keep the waiting list and the water running.",
        "Seven people, elected each spring by the plot holders.",
        *(
            "Leith, Edinburgh",
            LONDON,
            "Olu Adeyemi",
            5,
            INVITE,
            ("Neighbourhood", "Food and gardens"),
            "",
        ),
    ),
]


def create(cast: Cast, but: str, chance: random.Random) -> None:
    """The groups stand, some with an event to come; whoever is called `but` belongs to none of
    them.
    """
    others = [person for person in cast.values() if person.name != but]
    for neighbour in NEIGHBOURS:
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
    names = ("name", "summary", "description", "place", "zone", "way_in")
    topics = db.session.scalars(
        sa.select(Category).where(Category.name.in_(neighbour.topics))
    ).all()
    return {name: getattr(neighbour, name) for name in names} | {
        "visibility": OPEN,
        "welcome": "",
        "categories": list(topics),
    }


def _since(group: Group, ago: timedelta) -> None:
    group.created_at = clock.now() - ago
    mine = sa.update(Membership).where(Membership.group_id == group.id)
    db.session.execute(mine.values(created_at=group.created_at + timedelta(days=1)))


def _planned(neighbour: Neighbour, group: Group, cast: Cast, chance: random.Random) -> Event:
    day = time_zones.wall(clock.now(), neighbour.zone).date() + timedelta(
        days=chance.randrange(5, 40)
    )
    starts = datetime.combine(day, time(chance.choice((10, 14, 18))))
    ends = starts + timedelta(hours=2)
    plan = EventInput(
        neighbour.plans,
        neighbour.zone,
        starts,
        ends,
        neighbour.summary,
        place=neighbour.place,
        companions=1,
    )
    return planning.create(plan, by=cast[neighbour.owner], group=group)
