"""Votes of every kind with their ballots, written directly into the tables, to test how results are
shown.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests import factories
from tests.voting.kinds import SAMPLES, SEED, THREE, titles
from webapp.core.db.base import new_id
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting.models import ALWAYS, Ballot, Option, Vote, Voter
from webapp.voting.planning import lifecycle
from webapp.voting.tally.rules import KINDS

#: Four options, two seats, and fractions that decide.
EXACT = (
    *(("2", 3), ("2>3>1", 1), ("3>4>2>1", 1), ("2>1", 1), ("1>4>2", 1)),
    *(("4>2>1>3", 1), ("4>3", 1), ("2>3>1>4", 1), ("1>4>2>3", 1)),
)


def voted(
    group: Any,
    by: Any,
    kind: str = "single",
    cast: Iterable[tuple[str, int]] | None = None,
    closed: bool = True,
    **values: Any,
) -> Vote:
    """Create a vote of this kind with these ballots (by default the sample's few), each by a
    different person; counted if closed.
    """
    sample = SAMPLES[kind]
    profile = sample.few if cast is None else cast
    ballots = [choice for choice, times in profile for _ in range(times)]
    now, usual = clock.now(), THREE if KINDS[kind].has_dates else titles(kind)
    values = {
        "results": ALWAYS,
        "title": f"A vote by {kind}",
        "choices_max": 1,
        "seed": SEED,
        **sample.few_rules,
        **values,
    }
    options = values.pop("options", usual)
    vote = Vote(
        id=new_id(),
        slug=f"vote-{new_id()}",
        group_id=group.id,
        author_id=by.id,
        kind=kind,
        zone="Europe/Lisbon",
        opens_at=now - timedelta(days=2),
        opened_at=now - timedelta(days=2),
        closes_at=now + (timedelta(days=-1) if closed else timedelta(days=1)),
        roll_count=values.pop("roll_count", len(ballots) + 1),
        ballot_count=len(ballots),
        **values,
    )
    vote.options = [_option(kind, number, title) for number, title in enumerate(options, 1)]
    with factories.together():
        people = [factories.user("Voter") for _ in ballots]
        for person in people:
            factories.membership(group, person)
        db.session.add(vote)
        db.session.flush()
        db.session.add_all(Voter(vote_id=vote.id, user_id=person.id) for person in people)
        lines = zip(people, ballots, strict=True)
        db.session.add_all(
            Ballot(vote_id=vote.id, user_id=who.id, choice=choice, changed_at=now)
            for who, choice in lines
        )
    db.session.commit()
    if closed:
        lifecycle.close(vote.id)
        db.session.commit()
    return vote


def _option(kind: str, number: int, title: str) -> Option:
    if not KINDS[kind].has_dates:
        return Option(number=number, title=title)
    starts_at = (clock.now() + timedelta(days=number)).replace(
        hour=18, minute=0, second=0, microsecond=0
    )
    return Option(
        number=number, title=title, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)
    )
