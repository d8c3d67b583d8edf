"""Votes created by the application's rules, committed."""

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
    """Return the plan of a single choice from three options, open now and for a day."""
    values.setdefault("title", "What do we bring?")
    values.setdefault("options", kinds.titles(values.get("kind", SINGLE)))
    values.setdefault("closes_at", clock.now() + timedelta(days=1))
    return VotePlan(**values)


def vote(group: Any, by: Any, event: Any = None, **values: Any) -> Vote:
    """Create such a vote."""
    made = votes.create(group, by=by, plan=plan(**values), event=event)
    db.session.commit()
    return made


def seeded(vote: Vote) -> str:
    """Give the vote a published seed, like votes opened before lots had a secret; return it."""
    vote.lot_secret = vote.lot_commitment = None
    vote.seed = f"{0x2A:064x}"
    db.session.commit()
    return vote.seed


def coming(group: Any, by: Any, **values: Any) -> Vote:
    """Create such a vote that opens in an hour."""
    return vote(group, by, opens_at=clock.now() + timedelta(hours=1), **values)


def cast(vote: Vote, by: Any, *numbers: int, **options: Any) -> Any:
    """Cast a ballot for these options, or a blank one without any; commit."""
    ballot = casting.cast(vote, by=by, marks=ticks(numbers), blank=not numbers, **options)
    db.session.commit()
    return ballot


def says(vote: Vote, by: Any, choice: str) -> Any:
    """Cast a ballot with this choice string; commit."""
    marks = choices.read(vote.kind, choice)
    ballot = casting.cast(vote, by=by, marks=list(marks.items()), blank=not marks)
    db.session.commit()
    return ballot


def ticks(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the marks that choose these options."""
    return [(number, 1) for number in numbers]


def evenings(*days: int) -> tuple[tuple[datetime, datetime], ...]:
    """Return two hours on each of these days from now."""
    return tuple(
        (clock.now() + timedelta(days=day), clock.now() + timedelta(days=day, hours=2))
        for day in days
    )


def only() -> Vote:
    """Return the only vote."""
    db.session.rollback()
    return db.session.scalars(sa.select(Vote)).one()
