"""Secret votes as the verbs leave them, committed: with people enough, and with their keys."""

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
    """A secret vote, and those on its roll in an order that is neither their ids' nor their
    names'.
    """

    vote: Vote
    people: list[Any]

    @property
    def poll(self) -> str:
        """The name of the vote, as its hashes have it."""
        return str(self.vote.id)


def box(owner: Any, others: int = 7, **values: Any) -> Box:
    """An open secret vote in a new group of `owner` and so many others."""
    with factories.together():
        people = [factories.user(f"Voter{number}") for number in range(others)]
        group = factories.group(owner, *people)
    vote = making.vote(group, owner, is_secret=True, **values)
    everyone = [owner, *people]
    return Box(vote, everyone[1::2] + everyone[::2][::-1])


def cast(vote: Vote, by: Any, *numbers: int, **options: Any) -> str:
    """The key to a committed ballot that names these options; without any a blank one."""
    key = casting.cast(vote, by, making.ticks(numbers), blank=not numbers, **options)
    db.session.commit()
    return key


def says(vote: Vote, by: Any, choice: str) -> str:
    """The key to a committed ballot with this choice string."""
    marks = list(choices.read(vote.kind, choice).items())
    key = casting.cast(vote, by, marks, blank=not marks)
    db.session.commit()
    return key


def all_cast(it: Box, numbers: Sequence[int] = (1, 2, 3)) -> dict[Any, str]:
    """Everyone has voted, in the order of `people`; whose key is which."""
    return {
        person.id: cast(it.vote, person, numbers[n % len(numbers)])
        for n, person in enumerate(it.people)
    }


def change(vote: Vote, by: Any, key: str, *numbers: int, **options: Any) -> None:
    """The ballot with this key names these options, committed."""
    casting.change(vote, by, key, making.ticks(numbers), blank=not numbers, **options)
    db.session.commit()


def mixed(vote: Vote) -> Any:
    """The link of a mix, committed."""
    link = mixing.mix(vote)
    db.session.commit()
    return link


def closed(vote: Vote, at: Any) -> Vote:
    """Its time is over, and it is counted; the clocks are there."""
    at(vote.closes_at)
    running.close(vote)
    return db.session.get_one(Vote, vote.id, populate_existing=True)


def tracker(it: Box, key: str) -> str:
    """Under which name the ballot of this key stands."""
    return keys.tracker_of(it.poll, key)


def rows(model: Any, vote: Vote, *names: str) -> list[Any]:
    """These columns of the vote's rows, in order."""
    columns = [getattr(model, name) for name in names]
    return [
        tuple(row)
        for row in db.session.execute(
            sa.select(*columns).where(model.vote_id == vote.id).order_by(*columns)
        )
    ]


def whole() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    tables = db.metadata.sorted_tables
    found = {table.name: sorted(map(str, db.session.execute(sa.select(table)))) for table in tables}
    db.session.rollback()
    return found


def changed_tables(before: dict[str, list[str]]) -> set[str]:
    """Which tables hold something else than `before`."""
    after = whole()
    return {name for name, lines in after.items() if lines != before[name]}
