"""Three groups: one that anyone can join, one with requests, and a secret one; and small ones
beside them, so that there is something to find.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from ...accounts.models import User
from ...core.time import clock, time_zones
from ...events import defaults as event_defaults, planning
from ...groups import (
    categories,
    conduct,
    memberships,
    ownership,
    permissions,
    questions,
    reads,
    requests,
)
from ...groups.models import MEMBER, MODERATOR, ORGANIZER, OWNER, Group, Membership
from ...voting.planning import defaults as vote_defaults
from . import people, texts, world
from .people import Cast

Groups = dict[str, Group]
#: By key, in the order of creation.
GROUPS: dict[str, dict[str, Any]] = texts.load("groups")
#: What happens when.
Timeline = list[tuple[datetime, Callable[[], Any]]]


def create(cast: Cast, chance: random.Random) -> Groups:
    """Create the groups, with members who joined over time and some requests to join."""
    categories.ensure_defaults()
    made = {key: _group(key, cast, chance) for key in GROUPS}
    river, cooperative = made["river"], made["cooperative"]
    with world.at(world.ago(days=40)):
        _ask(river, by=cast[people.ORGANIZER])
    for name, person in cast.items():
        membership = reads.membership_of(river, person)
        if membership is not None and name != people.MEMBER:
            conduct.affirm(membership, river.code_version)
    _ban(river, cast, **GROUPS["river"]["banned"])
    _let_members_ask(cooperative, by=owner_of(cooperative))
    for key, group in made.items():
        for one in GROUPS[key].get("asking", ()):
            with world.at(world.ago(hours=chance.randrange(5, 40))):
                answers = _answers(group, one.get("answers", []))
                requests.ask(group, by=cast[one["name"]], message=one["message"], **answers)
    ownership.offer(_membership(river, cast[GROUPS["river"]["offered_to"]]), by=owner_of(river))
    return made


def owner_of(group: Group) -> User:
    """Return the first owner."""
    return reads.members(group, OWNER)[0]


def _group(key: str, cast: Cast, chance: random.Random) -> Group:
    """Create the group and let people come and go; the first members after its founder organize
    and moderate.
    """
    values = GROUPS[key]
    founder, *others = _members(key, cast)
    with world.at(founder.created_at + timedelta(days=1)):
        group = world.group(founder, about=values["topics"], **values["values"])
    timeline: Timeline = []
    for place, person in enumerate(others):
        role = (ORGANIZER, MODERATOR)[place] if place < 2 else MEMBER
        soon = timedelta(days=1, minutes=chance.randrange(1, 900))
        timeline.append((person.created_at + soon, partial(world.join, group, person, role)))
    strangers = [person for person in cast.values() if person not in (founder, *others)]
    for ago in values["left_ago"]:
        timeline += _passing_through(group, strangers, ago)
    for moment, step in sorted(timeline, key=lambda one: one[0]):
        with world.at(moment):
            step()
    return group


def _passing_through(group: Group, strangers: list[User], ago: int) -> Timeline:
    """Let the first who had an account by then join for some weeks, and leave so many days ago."""
    left = world.ago(days=ago)
    person = next((one for one in strangers if one.created_at < left - timedelta(days=3)), None)
    if person is None:
        return []
    strangers.remove(person)
    came = max(person.created_at + timedelta(days=1), left - timedelta(days=100))
    return [
        (came, partial(world.join, group, person)),
        (left, partial(memberships.leave, group, person)),
    ]


def _members(key: str, cast: Cast) -> list[User]:
    asking = {one["name"] for one in GROUPS[key].get("asking", ())}
    return [
        *(person for person in people.of(cast, key) if person.name not in asking),
        *(cast[name] for name in GROUPS[key]["also"]),
    ]


def _membership(group: Group, user: User) -> Membership:
    found = reads.membership_of(group, user)
    assert found is not None
    return found


def _ask(group: Group, by: User) -> None:
    """Add the river group's questions, code of conduct and event defaults."""
    river = GROUPS["river"]
    for values in river["questions"]:
        questions.add(group, by=by, **values)
    conduct.write(group, by=by, text=river["code"])
    event_defaults.save(group, by=by, **river["event_defaults"])


def _answers(group: Group, given: list[Any]) -> dict[str, Any]:
    """Return someone's answers, in the order of the questions, as the rule takes them."""
    asked = questions.of(group)
    return {
        "given": {one.id: answer for one, answer in zip(asked, given, strict=True)},
        "questions_digest": questions.digest(asked),
        "code_version": group.code_version,
    }


def _let_members_ask(group: Group, by: User) -> None:
    """Let every member of the cooperative create votes, which last a week."""
    cooperative = GROUPS["cooperative"]
    permissions.update(group, by=by, **cooperative["permissions"])
    vote_defaults.save(group, by=by, **cooperative["vote_defaults"])


def _ban(group: Group, cast: Cast, name: str, reason: str) -> None:
    """Remove someone for a month, who had joined a few days before."""
    with world.at(world.ago(days=12)):
        world.join(group, cast[name])
    with world.at(world.ago(days=9)):
        until, by = clock.now() + timedelta(days=30), owner_of(group)
        memberships.remove(_membership(group, cast[name]), by, reason, banned=True, until=until)


@dataclass(frozen=True)
class Neighbour:
    """A group: its owner, number of members, topics, next event, and the arguments to create it."""

    owner: str
    members: int
    topics: list[str]
    values: dict[str, Any]
    plans: str = ""


def create_neighbours(cast: Cast, but: str, chance: random.Random) -> None:
    """Create the small groups, some with a coming event; the person named `but` joins none."""
    for neighbour in texts.rows(Neighbour, texts.load("neighbours")):
        owner = cast[neighbour.owner]
        others = [person for name, person in cast.items() if name not in (but, owner.name)]
        members = chance.sample(others, neighbour.members - 1)
        with world.at(world.ago(days=chance.randrange(20, 400))):
            group = world.group(owner, *members, about=neighbour.topics, **neighbour.values)
        if neighbour.plans:
            today = time_zones.wall(clock.now(), group.zone).date()
            day = today + timedelta(days=chance.randrange(5, 40))
            coming = world.event(
                owner,
                group,
                datetime.combine(day, time(chance.choice((10, 14, 18)))),
                title=neighbour.plans,
                summary=group.summary,
                venue=group.location,
                max_plus_ones=1,
            )
            with world.at(world.ago(days=1)):
                planning.publish(coming, by=owner)
