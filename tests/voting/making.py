"""Votes as the verbs leave them, committed."""

from datetime import timedelta
from typing import Any

from webapp.core import clock
from webapp.core.extensions import db
from webapp.voting import ballots, votes
from webapp.voting.models import Vote
from webapp.voting.plans import Plan

OPTIONS = ("Apples", "Bread", "Cheese")


def plan(**values: Any) -> Plan:
    """A single choice of three, open now and for a day."""
    values.setdefault("title", "What do we bring?")
    values.setdefault("options", OPTIONS)
    values.setdefault("closes_at", clock.now() + timedelta(days=1))
    return Plan(**values)


def vote(group: Any, by: Any, event: Any = None, **values: Any) -> Vote:
    """Such a vote."""
    made = votes.create(group, by=by, plan=plan(**values), event=event)
    db.session.commit()
    return made


def coming(group: Any, by: Any, **values: Any) -> Vote:
    """Such a vote that opens in an hour."""
    return vote(group, by, opens_at=clock.now() + timedelta(hours=1), **values)


def cast(vote: Vote, by: Any, *numbers: int, **options: Any) -> Any:
    """A committed ballot; without numbers a blank one."""
    ballot = ballots.cast(vote, by=by, numbers=numbers, blank=not numbers, **options)
    db.session.commit()
    return ballot
