"""Votes: open ones, one still to come, one decided, one tied."""

import random
from dataclasses import dataclass, field
from typing import Any

from ...groups import reads as group_reads
from ...voting import ballots, opening, votes
from ...voting.models import APPROVAL, SINGLE
from ...voting.plans import Plan
from . import past, people
from .communities import Groups
from .people import Cast


@dataclass(frozen=True)
class Question:
    """A vote: its options, and the ballots in it as option numbers, () for a blank one.

    Times are in days: `opened` and `closed` ago, `closes` and `opens` from now.
    """

    group: str
    author: str
    title: str
    options: tuple[str, ...]
    cast: tuple[tuple[int, ...], ...] = ()
    description: str = ""
    opened: int = 0
    closes: int = 0
    closed: int | None = None
    opens: int | None = None
    more: dict[str, Any] = field(default_factory=dict)


QUESTIONS = [
    Question(
        group="garden",
        author="Marek Dvořák",
        title="What do we grow on the east plot?",
        description="It gets the sun until three, and nobody has dug it for two years.",
        options=("Potatoes, for the pantry", "A cut-flower bed", "Soft fruit", "Leave it wild for another year"),
        cast=((1,), (3,), (3,), (1,), (4,), (3,), (2,), ()),
        opened=4,
        closes=3,
    ),
    Question(
        group="garden",
        author="Isla Drummond",
        title="Which evenings suit you for an extra hour of weeding?",
        description="Choose as many as you like.",
        options=("Monday", "Tuesday", "Wednesday", "Thursday"),
        cast=((2, 3), (3,), (1, 3), (2,), (3, 4), (2, 3), (4,), (2, 3), (1,), (3,)),
        opened=24,
        closed=15,
        more={"kind": APPROVAL, "results": "always"},
    ),
    Question(
        group="river",
        author="Aroha Tamatea",
        title="Where do we plant next?",
        description="The council gives us five hundred plants. Choose up to two places.",
        options=("Below the rail bridge", "The Kaiwhaiki bend", "Around the new jetty", "Matarawa stream"),
        cast=((2,), (2, 4), (1, 2), (4,), (1, 4)),
        opened=2,
        closes=5,
        more={"kind": APPROVAL, "choices_max": 2},
    ),
    Question(
        group="river",
        author="Wiremu Paki",
        title="When do we go down the river next year?",
        options=("Late February", "After Easter", "Labour weekend"),
        opens=2,
        closes=12,
        more={"results": "after_close"},
    ),
    Question(
        group="cooperative",
        author="Luciana Ferreira",
        title="Do we mend the roof now, or after the winter?",
        description="Now costs more and keeps the fifth floor dry. The assembly talks about it; this decides it.",
        options=("Now", "After the winter"),
        cast=((1,), (1,), (2,), (1,)),
        opened=1,
        closes=9,
        more={"results": "after_close"},
    ),
    Question(
        group="cooperative",
        author="João Batista Moreira",
        title="What colour for the stairwell of block B?",
        description="Both tins are paid for, whichever we choose.",
        options=("Ochre", "Sea green", "Lime white"),
        cast=((1,), (2,), (2,), (1,), (3,), (1,), (2,), (1,), (2,)),
        opened=17,
        closed=6,
        more={"results": "always"},
    ),
]
#: In how many days a vote that is over by now is first said to close.
FOR_NOW = 2


def create(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """Every question has been put, its ballots are in, and those whose time is over are counted."""
    for question in QUESTIONS:
        _ask(question, cast, groups, chance)


def _ask(question: Question, cast: Cast, groups: Groups, chance: random.Random) -> None:
    group, author = groups[question.group], cast[question.author]
    closes_at = past.evening(group.zone, question.closes if question.closed is None else FOR_NOW)
    opens_at = None if question.opens is None else past.evening(group.zone, question.opens)
    what = {"kind": SINGLE, **question.more}
    plan = Plan(question.title, question.options, closes_at, opens_at, question.description, **what)
    vote = votes.create(group, by=author, plan=plan)
    if question.opens is not None:
        return
    voters = [person for person in group_reads.members(group) if person.name != people.MEMBER]
    chance.shuffle(voters)
    for person, numbers in zip(voters, question.cast, strict=False):
        ballots.cast(vote, by=person, numbers=numbers, blank=not numbers)
    past.asked(vote, question.opened, question.closed)
    if question.closed is not None:
        opening.close(vote.id)
        past.closed(vote)
