"""The demo's votes: open, planned, decided, and one tied."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from ...core.extensions import db
from ...core.time import clock, time_zones
from ...groups import reads as group_reads
from ...voting.comments import VoteContainer
from ...voting.electorate import invitees
from ...voting.models import Vote
from ...voting.planning import lifecycle
from ...voting.results import outcomes
from ...voting.secret import mixing
from ...voting.tally.rules import SINGLE
from . import people, texts, world
from .conversations import talk_in
from .groups import Groups
from .people import Cast


@dataclass(frozen=True)
class DemoVote:
    """A vote: its options and its ballots as choice strings ("" is blank); `why` has reasons by
    ballot.

    Times are in days: `opened` and `closed` ago; `closes`, `opens` and `evenings` (of a date poll)
    from now. `outcome` and `comments` are added later.
    """

    group: str
    author: str
    title: str
    options: Sequence[str] = ()
    kind: str = SINGLE
    cast: Sequence[str] = ()
    description: str = ""
    opened: int = 0
    closes: int = 0
    closed: int | None = None
    opens: int | None = None
    evenings: Sequence[int] = ()
    why: dict[int, str] = field(default_factory=dict)
    invited: Sequence[str] = ()
    values: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] | None = None
    comments: list[dict[str, Any]] = field(default_factory=list)


QUESTIONS = texts.rows(DemoVote, texts.load("votes"))


def create(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """Create every vote with its ballots, and count those that are over."""
    for question in QUESTIONS:
        _ask(question, cast, groups, chance)


def _ask(question: DemoVote, cast: Cast, groups: Groups, chance: random.Random) -> None:
    group, author = groups[question.group], cast[question.author]
    opens_at = None if question.opens is None else world.evening(group.zone, question.opens)
    since = world.evening(group.zone, -question.opened) if opens_at is None else clock.now()
    ends = question.closes if question.closed is None else -question.closed
    until = world.evening(group.zone, ends)
    with world.at(since):
        vote = world.vote(
            group,
            author,
            question.title,
            question.options,
            until,
            opens_at=opens_at,
            description=question.description,
            kind=question.kind,
            dates=_dates(question, group.zone),
            **question.values,
        )
        if question.invited:
            invitees.replace(vote, author, [cast[name].id for name in question.invited])
            lifecycle.open_now(vote.id)
    if opens_at is not None:
        return
    voters = [person for person in group_reads.members(group) if person.name != people.MEMBER]
    chance.shuffle(voters)
    moments = world.spread(since, min(until, clock.now()), len(question.cast))
    ballots = zip(voters, moments, question.cast, strict=False)
    for place, (person, moment, choice) in enumerate(ballots):
        with world.at(moment):
            world.ballot(vote, person, choice, question.why.get(place, ""))
    if question.closed is not None:
        world.close(vote)
    elif vote.is_secret:
        mixing.mix(vote)


def _dates(question: DemoVote, zone: str) -> tuple[tuple[Any, Any], ...]:
    """Return evenings in that zone, two hours each."""
    evenings = [world.evening(zone, days) for days in question.evenings]
    return tuple((starts, starts + timedelta(hours=2)) for starts in evenings)


def create_outcomes(cast: Cast) -> None:
    """Publish outcomes and comments, dated after the end of their votes."""
    for question in QUESTIONS:
        vote = _vote(question.title)
        if question.outcome is not None:
            assert vote.closed_at is not None
            by, words, days = (question.outcome[name] for name in ("by", "words", "again"))
            day = time_zones.wall(clock.now(), vote.zone).date() + timedelta(days=days)
            with world.at(vote.closed_at + timedelta(hours=14)):
                outcomes.publish(vote, cast[by], words, day)
        if question.comments:
            talk_in(VoteContainer(vote), vote.author, question.comments, cast)


def _vote(title: str) -> Vote:
    return db.session.scalars(sa.select(Vote).where(Vote.title == title)).one()
