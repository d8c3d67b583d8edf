"""Votes: the hot one of the big group, those to which the load writes, and one in each other group,
in which three of five voters have voted.

Votes of every kind are in `votes_of_every_kind`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import chain
from typing import Any, NamedTuple

from . import groups, votes_of_every_kind as every_kind
from .sizes import Size
from .values import Rows, numbered, row_id, text

HOT = 0
OPTIONS = ("On Saturday", "On Sunday", "Another time")
VOTE = (
    *("id", "slug", "group_id", "author_id", "title", "closes_at", "closed_at", "seed"),
    *("roll_count", "ballot_count", "kind", "choices_max", "results", "seats", "finding"),
    *("lot_secret", "lot_commitment"),
)
#: The lot's seed is published, as in votes opened before lots had a secret.
NO_SECRET = (None, None)
OPTION = ("id", "vote_id", "number", "title", "starts_at", "ends_at")


class Vote(NamedTuple):
    """A vote with its voters; the first `cast` of them have voted."""

    number: int
    group: int
    roll: list[int]
    cast: int
    is_over: bool


@cache
def all_of(size: Size) -> list[Vote]:
    """Return the votes.

    The hot vote and those of the load have no ballots yet. Of these, the reader can vote only in
    the hot one.
    """
    drivers = list(range(size.drivers))
    hot = [Vote(HOT, 0, drivers, 0, False)]
    spread = [Vote(1 + turn, 0, _slice(turn, size), 0, False) for turn in range(size.spread)]
    others = [
        _ordinary(1 + size.spread + group - 1, group, size) for group in range(1, size.groups)
    ]
    return hot + spread + others


def _slice(turn: int, size: Size) -> list[int]:
    """Return consecutive drivers without the reader, so that each can vote in only a few votes."""
    return [1 + (turn * size.roll + place) % (size.drivers - 1) for place in range(size.roll)]


def _ordinary(number: int, group: int, size: Size) -> Vote:
    roll = groups.members_of_all(size)[group]
    is_over = group % 2 == 0
    return Vote(number, group, roll, len(roll) * 3 // 5, is_over)


def slug_of(number: int) -> str:
    """Return the slug of a vote."""
    return "the-hot-vote" if number == HOT else f"vote-{number}"


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield votes, options, voters and ballots."""
    votes = all_of(size)
    ordinary = numbered((_vote(vote, size, base) for vote in votes), "vote")
    yield Rows(
        "vote",
        VOTE,
        chain(ordinary, (_vote_of_kind(vote, size, base) for vote in every_kind.all_of(size))),
    )
    rows = (
        (row_id("vote", vote.number), turn, title)
        for vote in votes
        for turn, title in enumerate(OPTIONS, 1)
    )
    options = numbered(((*row, None, None) for row in rows), "option")
    yield Rows("option", OPTION, chain(options, every_kind.options(size, base)))
    pairs = (
        (row_id("vote", vote.number), row_id("user", person))
        for vote in votes
        for person in vote.roll
    )
    lines = chain(numbered(pairs, "voter"), every_kind.lines(size))
    yield Rows("voter", ("id", "vote_id", "user_id"), lines)
    cast = (
        (row_id("vote", vote.number), row_id("user", person), str(1 + turn % 3))
        for vote in votes
        for turn, person in enumerate(vote.roll[: vote.cast])
    )
    ballots = chain(numbered(cast, "ballot"), every_kind.ballots(size))
    yield Rows("ballot", ("id", "vote_id", "user_id", "choice"), ballots)


def _vote(vote: Vote, size: Size, base: datetime) -> tuple[Any, ...]:
    closes = base + timedelta(days=-2 if vote.is_over else 30, minutes=vote.number)
    seed = sha256(str(vote.number).encode()).hexdigest()
    author = row_id("user", groups.owner_of(vote.group, size))
    closed = text(closes) if vote.is_over else None
    named = (
        slug_of(vote.number),
        row_id("group", vote.group),
        author,
        f"When shall we meet? ({vote.number})",
    )
    counts = (len(vote.roll), vote.cast)
    return (*named, text(closes), closed, seed, *counts, *ORDINARY, *NO_SECRET)


#: kind, most choices, who sees the results, seats, outcome
ORDINARY = ("single", 1, "after_voting", 1, None)


def _vote_of_kind(vote: every_kind.VoteOfKind, size: Size, base: datetime) -> tuple[Any, ...]:
    is_over = vote.state == every_kind.CLOSED
    closes = text(base + timedelta(days=-1 if is_over else 30))
    author, title = row_id("user", groups.owner_of(0, size)), every_kind.title_of(vote)
    named = (
        row_id("vote", vote.number),
        vote.slug,
        row_id("group", 0),
        author,
        title,
    )
    times = (closes, closes if is_over else None)
    counts = (every_kind.SEED, len(every_kind.roll_of(vote, size)), vote.ballots)
    finding = every_kind.finding_of(vote.kind, vote.ballots) if is_over else None
    return (
        *named,
        *times,
        *counts,
        vote.kind,
        max(1, vote.options),
        "always",
        every_kind.rules_of(vote.kind).seats,
        finding,
        *NO_SECRET,
    )
