"""The demo's votes: open, planned, decided, and one tied."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ...accounts.models import User
from ...core.extensions import db
from ...core.time import clock, time_zones
from ...groups import reads as group_reads
from ...voting.ballots import casting, choices
from ...voting.comments import VoteContainer
from ...voting.electorate import invitees
from ...voting.models import Vote
from ...voting.planning import lifecycle, votes
from ...voting.planning.plan import VotePlan
from ...voting.results import outcomes
from ...voting.secret import casting as secret_casting, mixing
from ...voting.tally.rules import SINGLE
from . import past, people, texts
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

    @property
    def is_secret(self) -> bool:
        """Whether its ballots are secret."""
        return bool(self.values.get("is_secret"))


QUESTIONS = texts.rows(DemoVote, texts.load("votes"))
#: Days from now when such a vote is first planned to open: its box must not exist before its real
#: date is set.
OPENS = 1


def filled(
    vote: Vote, voters: Iterable[User], cast: Iterable[str], opened: int, closed: int | None
) -> None:
    """Open the planned vote `opened` days ago and cast these secret ballots; nobody keeps a key.

    If `closed` is given it closed that many days ago and is counted; otherwise its box is mixed.
    """
    since, closes_at = past.evening(vote.zone, -opened), vote.closes_at
    until = closes_at if closed is None else past.evening(vote.zone, -closed)
    vote.created_at, vote.opens_at, vote.closes_at = since - timedelta(hours=2), since, until
    db.session.flush()
    lifecycle.open_if_due(vote, since)
    _ends(vote, closes_at)
    past.fan_outs_run()
    for person, choice in zip(voters, cast, strict=False):
        marks = choices.read(vote.kind, choice)
        secret_casting.cast(vote, person, list(marks.items()), blank=not marks)
    past.backdate_lines(f"vote:{vote.id}", since)
    if closed is None:
        mixing.mix(vote)
        return
    _ends(vote, until)
    lifecycle.close(vote.id)
    past.closed(vote)


def _ends(vote: Vote, moment: datetime) -> None:
    vote.closes_at = moment
    db.session.flush()


#: Days from now when a vote that is over is first planned to close.
FOR_NOW = 2


def create(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """Create every vote with its ballots, and count those that are over."""
    for question in QUESTIONS:
        _ask(question, cast, groups, chance)


def _ask(question: DemoVote, cast: Cast, groups: Groups, chance: random.Random) -> None:
    group, author = groups[question.group], cast[question.author]
    closes_at = past.evening(group.zone, question.closes if question.closed is None else FOR_NOW)
    opens = OPENS if question.is_secret else question.opens
    opens_at = None if opens is None else past.evening(group.zone, opens)
    what: dict[str, Any] = {
        "kind": question.kind,
        "dates": _dates(question, group.zone),
        **question.values,
    }
    plan = VotePlan(
        question.title, tuple(question.options), closes_at, opens_at, question.description, **what
    )
    vote = votes.create(group, by=author, plan=plan)
    if question.invited:
        invitees.replace(vote, author, [cast[name].id for name in question.invited])
    past.fan_outs_run()
    if question.opens is not None:
        return
    voters = [person for person in group_reads.members(group) if person.name != people.MEMBER]
    chance.shuffle(voters)
    if question.is_secret:
        filled(vote, voters, question.cast, question.opened, question.closed)
        return
    for place, (person, choice) in enumerate(zip(voters, question.cast, strict=False)):
        marks = choices.read(question.kind, choice)
        why = question.why.get(place, "")
        casting.cast(vote, by=person, marks=list(marks.items()), blank=not marks, reason=why)
    past.asked(vote, question.opened, question.closed)
    if question.closed is not None:
        lifecycle.close(vote.id)
        past.closed(vote)


def _dates(question: DemoVote, zone: str) -> tuple[tuple[Any, Any], ...]:
    """Return evenings in that zone, two hours each."""
    evenings = [past.evening(zone, days) for days in question.evenings]
    return tuple((starts, starts + timedelta(hours=2)) for starts in evenings)


def create_outcomes(cast: Cast) -> None:
    """Publish outcomes and comments, dated after the end of their votes."""
    asked = [(_vote(question.title), question) for question in QUESTIONS]
    for vote, question in asked:
        if question.outcome is None:
            continue
        by, words, days = (question.outcome[name] for name in ("by", "words", "again"))
        assert vote.closed_at is not None
        day = time_zones.wall(clock.now(), vote.zone).date() + timedelta(days=days)
        statement = outcomes.publish(vote, cast[by], words, day)
        past.fan_outs_run()
        statement.created_at = moment = vote.closed_at + timedelta(hours=14)
        past.backdate_lines(f"vote:{vote.id}", moment, kinds=("vote.concluded",))
    for vote, question in asked:
        if question.comments:
            talk_in(VoteContainer(vote).begin(), vote.author, question.comments, cast)
    db.session.flush()


def _vote(title: str) -> Vote:
    return db.session.scalars(sa.select(Vote).where(Vote.title == title)).one()
