"""Putting the demo's votes: open ones, some still to come, some decided, one tied."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ...accounts.models import User
from ...core.extensions import db
from ...core.time import clock, time_zones
from ...groups import reads as group_reads
from ...voting import comments
from ...voting.ballots import casting, choices
from ...voting.electorate import invitees
from ...voting.models import Vote
from ...voting.planning import lifecycle, votes
from ...voting.planning.plan import VotePlan
from ...voting.results import outcomes
from ...voting.secret import casting as secret_casting
from ...voting.secret import mixing
from . import past, people
from .conversations import talk_in
from .groups import Groups
from .people import Cast
from .thread_texts import ThreadReply
from .vote_texts import IN_SECRET, QUESTIONS, DemoVote

#: In how many days such a vote is first said to open: its box is not made before it is told when
#: that was.
OPENS = 1


def filled(
    vote: Vote, voters: Iterable[User], cast: Iterable[str], opened: int, closed: int | None
) -> None:
    """The vote, planned to open, did so many days ago, and these people have cast these ballots;
    nobody kept a key.

    It closed so many days ago, and is counted; or it is open, and its box has been mixed.
    """
    since, closes_at = past.evening(vote.zone, -opened), vote.closes_at
    until = closes_at if closed is None else past.evening(vote.zone, -closed)
    vote.created_at, vote.opens_at, vote.closes_at = since - timedelta(hours=2), since, until
    db.session.flush()
    lifecycle.open_if_due(vote, since)
    _ends(vote, closes_at)
    past.errands_run()
    for person, choice in zip(voters, cast, strict=False):
        marks = choices.read(vote.kind, choice)
        secret_casting.cast(vote, person, list(marks.items()), blank=not marks)
    past.told(f"vote:{vote.id}", since)
    if closed is None:
        mixing.mix(vote)
        return
    _ends(vote, until)
    lifecycle.close(vote.id)
    past.closed(vote)


def _ends(vote: Vote, moment: datetime) -> None:
    vote.closes_at = moment
    db.session.flush()


#: In how many days a vote that is over by now is first said to close.
FOR_NOW = 2


def create(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """Every question has been put, its ballots are in, and those whose time is over are counted."""
    for question in (*QUESTIONS, *IN_SECRET):
        _ask(question, cast, groups, chance)


def _ask(question: DemoVote, cast: Cast, groups: Groups, chance: random.Random) -> None:
    group, author = groups[question.group], cast[question.author]
    closes_at = past.evening(group.zone, question.closes if question.closed is None else FOR_NOW)
    opens = OPENS if question.is_secret else question.opens
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
    """Evenings there, two hours each."""
    evenings = [past.evening(zone, days) for days in question.evenings]
    return tuple((starts, starts + timedelta(hours=2)) for starts in evenings)


#: title of a vote that is over -> who said what follows from it, in which words, and in how many
#: days it is looked at again
FOLLOWS = {
    "Which evenings suit you for an extra hour of weeding?": (
        "Isla Drummond",
        "We weed on **Wednesdays at seven**, from next week on, whoever is there. Gloves hang in "
        "the shed.",
        40,
    ),
    "The laundry closes at midnight": (
        "João Batista Moreira",
        "The timer is set. One machine stays on until two for those who work late: ask me for the "
        "switch.",
        60,
    ),
}
#: title of a vote -> what is said about it
TALKS = {
    "What do we grow on the east plot?": (
        ThreadReply(
            "Hana Ngata",
            "Potatoes clean the ground. After two years of couch grass that speaks for them.",
        ),
        ThreadReply(
            "Isla Drummond",
            "They do, but who digs it in March? Soft fruit is planted once.",
            answers=1,
        ),
        ThreadReply("", "I will bring the tiller. Both are possible then."),
    ),
    "When do we sow the harakeke seed?": (
        ThreadReply(
            people.MEMBER,
            "Last year’s seed came up after **five** weeks: either evening is early enough.",
            before="Either is fine.",
        ),
        ThreadReply("", "Then we take the one on which most can come."),
    ),
}


def create_outcomes(cast: Cast) -> None:
    """It is above the results, and people were told it when it was said."""
    for title, (by, words, days) in FOLLOWS.items():
        vote = _vote(title)
        assert vote.closed_at is not None
        day = time_zones.wall(clock.now(), vote.zone).date() + timedelta(days=days)
        statement = outcomes.publish(vote, cast[by], words, day)
        past.errands_run()
        statement.created_at = moment = vote.closed_at + timedelta(hours=14)
        past.told(f"vote:{vote.id}", moment, kinds=("vote.concluded",))
    for title, said in TALKS.items():
        vote = _vote(title)
        talk_in(comments.begun(vote), vote.author, said, cast)
    db.session.flush()


def _vote(title: str) -> Vote:
    return db.session.scalars(sa.select(Vote).where(Vote.title == title)).one()
