"""Secret votes created by the application's rules, committed, with enough voters and with their
keys.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from tests import factories
from tests.voting import making, running
from webapp.core.extensions import db
from webapp.voting.ballots import choices
from webapp.voting.models import Vote
from webapp.voting.secret import casting, keys, mixing


class Box(NamedTuple):
    """A secret vote, and its voters in an order that is neither that of ids nor that of names."""

    vote: Vote
    people: list[Any]

    @property
    def poll(self) -> str:
        """Return the vote's name in its hashes."""
        return str(self.vote.id)


def box(owner: Any, others: int = 7, **values: Any) -> Box:
    """Create an open secret vote in a new group of `owner` and this many others."""
    with factories.together():
        people = [factories.user(f"Voter{number}") for number in range(others)]
        group = factories.group(owner, *people)
    vote = making.vote(group, owner, is_secret=True, **values)
    everyone = [owner, *people]
    return Box(vote, everyone[1::2] + everyone[::2][::-1])


def cast(vote: Vote, by: Any, *numbers: int, **options: Any) -> str:
    """Cast a ballot for these options, or a blank one without any; commit and return its key."""
    key = casting.cast(vote, by, making.ticks(numbers), blank=not numbers, **options)
    db.session.commit()
    return key


def says(vote: Vote, by: Any, choice: str) -> str:
    """Cast a ballot with this choice string; commit and return its key."""
    marks = list(choices.read(vote.kind, choice).items())
    key = casting.cast(vote, by, marks, blank=not marks)
    db.session.commit()
    return key


def all_cast(it: Box, numbers: Sequence[int] = (1, 2, 3)) -> dict[Any, str]:
    """Cast everyone's ballots, in the order of `people`; return their keys by person."""
    return {
        person.id: cast(it.vote, person, numbers[n % len(numbers)])
        for n, person in enumerate(it.people)
    }


def change(vote: Vote, by: Any, key: str, *numbers: int, **options: Any) -> None:
    """Change the ballot with this key to these options; commit."""
    casting.change(vote, by, key, making.ticks(numbers), blank=not numbers, **options)
    db.session.commit()


def mixed(vote: Vote) -> Any:
    """Mix the ballots; commit and return the mix's link."""
    link = mixing.mix(vote)
    db.session.commit()
    return link


def closed(vote: Vote, at: Any) -> Vote:
    """Close and count the vote, and set the clocks to its end."""
    at(vote.closes_at)
    running.close(vote)
    return db.session.get_one(Vote, vote.id, populate_existing=True)


def tracker(it: Box, key: str) -> str:
    """Return the tracker of the ballot with this key."""
    return keys.tracker_of(it.poll, key)


def rows(model: Any, vote: Vote, *names: str) -> list[Any]:
    """Return these columns of the vote's rows, in order."""
    columns = [getattr(model, name) for name in names]
    return [
        tuple(row)
        for row in db.session.execute(
            sa.select(*columns).where(model.vote_id == vote.id).order_by(*columns)
        )
    ]


def whole() -> dict[str, list[str]]:
    """Return every row of every table as text."""
    tables = db.metadata.sorted_tables
    found = {table.name: sorted(map(str, db.session.execute(sa.select(table)))) for table in tables}
    db.session.rollback()
    return found


def changed_tables(before: dict[str, list[str]]) -> set[str]:
    """Return the tables that have changed since `before`."""
    after = whole()
    return {name for name, lines in after.items() if lines != before[name]}
