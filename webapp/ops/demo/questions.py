"""Putting the demo's votes: open ones, some still to come, some decided, one tied."""

import random
from datetime import timedelta
from typing import Any

from ...groups import reads as group_reads
from ...voting.ballots import casting, choices
from ...voting.electorate import invitees
from ...voting.planning import lifecycle, votes
from ...voting.planning.plan import VotePlan
from . import boxes, past, people
from .asked import QUESTIONS, Question
from .asked_in_secret import IN_SECRET
from .communities import Groups
from .people import Cast

#: In how many days a vote that is over by now is first said to close.
FOR_NOW = 2


def create(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """Every question has been put, its ballots are in, and those whose time is over are counted."""
    for question in (*QUESTIONS, *IN_SECRET):
        _ask(question, cast, groups, chance)


def _ask(question: Question, cast: Cast, groups: Groups, chance: random.Random) -> None:
    group, author = groups[question.group], cast[question.author]
    closes_at = past.evening(group.zone, question.closes if question.closed is None else FOR_NOW)
    opens = boxes.OPENS if question.is_secret else question.opens
    opens_at = None if opens is None else past.evening(group.zone, opens)
    what: dict[str, Any] = {
        "kind": question.kind,
        "dates": _dates(question, group.zone),
        **question.more,
    }
    plan = VotePlan(
        question.title, question.options, closes_at, opens_at, question.description, **what
    )
    vote = votes.create(group, by=author, plan=plan)
    if question.invited:
        invitees.settle(vote, author, [cast[name].id for name in question.invited])
    past.errands_run()
    if question.opens is not None:
        return
    voters = [person for person in group_reads.members(group) if person.name != people.MEMBER]
    chance.shuffle(voters)
    if question.is_secret:
        boxes.filled(vote, voters, question.cast, question.opened, question.closed)
        return
    for place, (person, choice) in enumerate(zip(voters, question.cast, strict=False)):
        marks = choices.read(question.kind, choice)
        why = question.why.get(place, "")
        casting.cast(vote, by=person, marks=list(marks.items()), blank=not marks, reason=why)
    past.asked(vote, question.opened, question.closed)
    if question.closed is not None:
        lifecycle.close(vote.id)
        past.closed(vote)


def _dates(question: Question, zone: str) -> tuple[tuple[Any, Any], ...]:
    """Evenings there, two hours each."""
    evenings = [past.evening(zone, days) for days in question.evenings]
    return tuple((starts, starts + timedelta(hours=2)) for starts in evenings)
