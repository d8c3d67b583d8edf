"""Votes as the verbs leave them, committed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tests.voting import kinds
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting.ballots import casting, choices
from webapp.voting.models import Vote
from webapp.voting.planning import votes
from webapp.voting.planning.plan import VotePlan
from webapp.voting.tally.rules import SINGLE


def plan(**values: Any) -> VotePlan:
    """A single choice of three, open now and for a day."""
    values.setdefault("title", "What do we bring?")
    values.setdefault("options", kinds.titles(values.get("kind", SINGLE)))
    values.setdefault("closes_at", clock.now() + timedelta(days=1))
    return VotePlan(**values)


def vote(group: Any, by: Any, event: Any = None, **values: Any) -> Vote:
    """Such a vote."""
    made = votes.create(group, by=by, plan=plan(**values), event=event)
    db.session.commit()
    return made


def seeded(vote: Vote) -> str:
    """The seed of a vote that opened before lots had a secret: it was published then."""
    vote.lot_secret = vote.lot_commitment = None
    vote.seed = f"{0x2A:064x}"
    db.session.commit()
    return vote.seed


def coming(group: Any, by: Any, **values: Any) -> Vote:
    """Such a vote that opens in an hour."""
    return vote(group, by, opens_at=clock.now() + timedelta(hours=1), **values)


def cast(vote: Vote, by: Any, *numbers: int, **options: Any) -> Any:
    """A committed ballot that names these options; without any a blank one."""
    ballot = casting.cast(vote, by=by, marks=ticks(numbers), blank=not numbers, **options)
    db.session.commit()
    return ballot


def says(vote: Vote, by: Any, choice: str) -> Any:
    """A committed ballot with this choice string."""
    marks = choices.read(vote.kind, choice)
    ballot = casting.cast(vote, by=by, marks=list(marks.items()), blank=not marks)
    db.session.commit()
    return ballot


def ticks(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The marks that name these options."""
    return [(number, 1) for number in numbers]


def evenings(*days: int) -> tuple[tuple[datetime, datetime], ...]:
    """Two hours each, so many days from now."""
    return tuple(
        (clock.now() + timedelta(days=day), clock.now() + timedelta(days=day, hours=2))
        for day in days
    )


def only() -> Vote:
    """The only vote that there is."""
    db.session.rollback()
    return db.session.scalars(sa.select(Vote)).one()
