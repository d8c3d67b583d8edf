"""Votes of every kind in the big group.

For each kind there is one without ballots, to cast in. If the size says so, there are also an open
and a closed one with many ballots. The reader can't vote in any of them, but sees their results.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

from webapp.voting import tally
from webapp.voting.ballots import choices
from webapp.voting.tally.rules import CHOICE, DATES, KINDS, POINTS, SPREAD, STARS, WORD, Rules

from .sizes import Size
from .values import row_id, text

OPTIONS = 10
CAST, OPEN, CLOSED = STATES = ("cast", "open", "closed")
#: The first id of these votes and of their options, voters and ballots, far above all other ids.
FIRST = 50_000_000
SEED = f"{0x2A:064x}"


class VoteOfKind(NamedTuple):
    """A vote of one kind, with this many ballots."""

    number: int
    kind: str
    state: str
    ballots: int

    @property
    def slug(self) -> str:
        """Return the slug of the vote."""
        return f"{self.state}-{self.kind}"

    @property
    def options(self) -> int:
        """Return the number of options."""
        return min(OPTIONS, KINDS[self.kind].options[1])


@cache
def all_of(size: Size) -> list[VoteOfKind]:
    """Return the votes. Those to cast in have no ballots."""
    states = STATES if size.ballots_per_vote else (CAST,)
    pairs = [(kind, state) for kind in KINDS for state in states]
    return [
        VoteOfKind(FIRST + place, kind, state, 0 if state == CAST else size.ballots_per_vote)
        for place, (kind, state) in enumerate(pairs)
    ]


def title_of(vote: VoteOfKind) -> str:
    """Return the title of a vote."""
    return f"What do we choose? ({vote.slug})"


def roll_of(vote: VoteOfKind, size: Size) -> range:
    """Return the voters: drivers without the reader, those who have voted first."""
    return range(1, vote.ballots + 1) if vote.ballots else range(1, size.drivers)


def rules_of(kind: str) -> Rules:
    """Return how votes of this kind are counted here."""
    options = min(OPTIONS, KINDS[kind].options[1])
    return Rules(kind, options, SEED, seats=3 if kind == "stv" else 1)


def marks(kind: str, throw: Random) -> list[tuple[int, str]]:
    """Return random marks as (option, mark). For rankings, scores and dates nearly everyone's
    differ.
    """
    ballot, options = KINDS[kind].ballot, min(OPTIONS, KINDS[kind].options[1])
    if ballot == WORD:
        return [(1, throw.choice(KINDS[kind].words))]
    named = throw.sample(
        range(1, options + 1), 1 if ballot == CHOICE else throw.randint(2, options)
    )
    if ballot == SPREAD:
        return [(number, str(dots)) for number, dots in zip(named, (4, 3, 2, 1), strict=False)]
    if ballot == DATES:
        return [(number, throw.choice(KINDS[kind].words)) for number in named]
    if ballot in (POINTS, STARS):
        return [(number, str(throw.randint(1, 5))) for number in named]
    return [(number, str(rank)) for rank, number in enumerate(named, 1)]


@cache
def choices_of(kind: str, ballots: int) -> list[str]:
    """Return the choices of this many people."""
    throw = Random(kind)
    return [choices.checked(rules_of(kind), marks(kind, throw))[0] for _ballot in range(ballots)]


@cache
def finding_of(kind: str, ballots: int) -> str:
    """Return the outcome as it is saved when a vote closes."""
    return json.dumps(
        tally.count([(choice, 1) for choice in choices_of(kind, ballots)], rules_of(kind)).as_json()
    )


def options(size: Size, base: datetime) -> Iterator[tuple[str | int | None, ...]]:
    """Yield (id, vote, number, title, start, end) of every option."""
    for vote in all_of(size):
        for number in range(1, vote.options + 1):
            day = base + timedelta(days=40 + number)
            when = (
                (text(day), text(day + timedelta(hours=2)))
                if KINDS[vote.kind].has_dates
                else (None, None)
            )
            named = (number, f"The option no. {number}")
            yield (
                row_id("option", FIRST + vote.number * OPTIONS + number),
                row_id("vote", vote.number),
                *named,
                *when,
            )


def lines(size: Size) -> Iterator[tuple[str, ...]]:
    """Yield (id, vote, person) of every voter."""
    pairs = ((vote, person) for vote in all_of(size) for person in roll_of(vote, size))
    for place, (vote, person) in enumerate(pairs):
        yield (
            row_id("voter", FIRST + place),
            row_id("vote", vote.number),
            row_id("user", person),
        )


def ballots(size: Size) -> Iterator[tuple[str, ...]]:
    """Yield (id, vote, person, choice) of every ballot."""
    cast = ((vote, turn) for vote in all_of(size) for turn in range(vote.ballots))
    for place, (vote, turn) in enumerate(cast):
        choice = choices_of(vote.kind, vote.ballots)[turn]
        named = (row_id("vote", vote.number), row_id("user", 1 + turn), choice)
        yield (row_id("ballot", FIRST + place), *named)
