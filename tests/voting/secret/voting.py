"""Secret votes created by the application's rules, committed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from tests.voting import kinds, making
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting.ballots import choices
from webapp.voting.models import Vote
from webapp.voting.planning import plan, votes
from webapp.voting.secret import casting, keys
from webapp.voting.tally.rules import KINDS

from . import boxes


class Held(NamedTuple):
    """A secret vote, and the keys of those who voted, in their order."""

    vote: Vote
    keys: list[str]


def opened(group: Any, by: Any, kind: str = "score", **values: Any) -> Vote:
    """Create a secret vote of this kind that is open for a day."""
    asked = {"options": kinds.titles(kind, kinds.FOUR), **kinds.planned(kind)}
    if KINDS[kind].has_dates:
        asked["dates"] = making.evenings(1, 2, 3, 4)
    return making.vote(group, by, kind=kind, is_secret=True, **{**asked, **values})


def says_now(vote: Vote, by: Any, key: str, choice: str) -> None:
    """Change the ballot with this key to another choice string; commit."""
    marks = list(choices.read(vote.kind, choice).items())
    casting.change(vote, by, keys.spelled(key).lower(), marks=marks, blank=not marks)
    db.session.commit()


def all_say(vote: Vote, people: Iterable[Any]) -> Held:
    """Cast a ballot for each of these people, one choice after the other; the last is blank."""
    said = [*kinds.SAMPLES[vote.kind].choices, ""]
    return Held(
        vote,
        [boxes.says(vote, person, choice) for person, choice in zip(people, said, strict=True)],
    )


def later(vote: Vote) -> None:
    """Move the vote's end by a day."""
    planned = {
        **plan.planned(vote),
        "closes_at": vote.closes_at + timedelta(days=1),
        "description": vote.description,
    }
    votes.update(vote, by=vote.author, plan=plan.VotePlan(**planned))
    db.session.commit()
    assert vote.closes_at > clock.now()
