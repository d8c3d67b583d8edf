"""Rows that the home page shows."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import GOING, OFFERED, Rsvp
from webapp.voting.models import Ballot, Option, Vote, Voter

Make = Callable[..., Any]
_numbers = count(1)


def kept(row: Any) -> Any:
    """Commit the row."""
    db.session.add(row)
    db.session.commit()
    return row


@pytest.fixture
def make_rsvp(context: None) -> Make:
    """A function that creates an answer of `user` to `event`, or an offer if `state` says so."""

    def make(event: Any, user: Any, state: str = GOING, **values: Any) -> Rsvp:
        if state == OFFERED:
            values.setdefault("offered_until", clock.now() + timedelta(hours=20))
            values.setdefault("position", 1)
        return kept(Rsvp(event_id=event.id, user_id=user.id, state=state, **values))

    return make


@pytest.fixture
def make_vote(context: None) -> Make:
    """A function that creates an open vote of the group with these voters; those in `voted` have
    cast their ballots.
    """

    def make(group: Any, *roll: Any, voted: tuple[Any, ...] = (), **values: Any) -> Vote:
        now = clock.now()
        number = next(_numbers)
        values = {
            "opens_at": now - timedelta(days=1),
            "opened_at": now - timedelta(days=1),
            "closes_at": now + timedelta(days=2),
        } | values
        values |= {
            "roll_count": len(roll),
            "ballot_count": len(voted),
            "zone": "UTC",
            "slug": f"question-{number}",
        }
        values.setdefault("title", f"Question {number}")
        vote = Vote(group_id=group.id, author_id=roll[0].id, **values)
        vote.options = [Option(number=1, title="Yes"), Option(number=2, title="No")]
        db.session.add(vote)
        db.session.flush()
        db.session.add_all(Voter(vote_id=vote.id, user_id=person.id) for person in roll)
        db.session.add_all(
            Ballot(vote_id=vote.id, user_id=person.id, choice="1", changed_at=now)
            for person in voted
        )
        return kept(vote)

    return make
