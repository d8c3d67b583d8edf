"""Secret votes as the verbs leave them, committed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from tests.voting import making
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting.ballots import choices
from webapp.voting.models import Vote
from webapp.voting.planning import plan, votes
from webapp.voting.secret import casting, keys

from . import boxes
from .making import CHOICES, OPTIONS

#: what the author of a vote of each kind settles, so that the ballots of `making.CHOICES` fit
PLANS: dict[str, dict[str, Any]] = {
    "single": {"quorum": 50, "threshold_of": "valid"},
    "approval": {"choices_max": 3, "threshold_of": "roll"},
    "score": {"score_max": 7},
    "star": {},
    "dots": {"budget": 6, "per_option": 5, "spend_all": True},
    "irv": {},
    "schulze": {},
    "stv": {"seats": 2},
    "proposal": {"description": "We plant trees.", "blocks": 2},
    "date": {},
}


class Held(NamedTuple):
    """A secret vote, and the keys of those who voted, in their order."""

    vote: Vote
    keys: list[str]


def opened(group: Any, by: Any, kind: str = "score", **values: Any) -> Vote:
    """A secret vote of this kind that runs for a day."""
    asked: dict[str, Any] = {"options": tuple(OPTIONS)} if kind not in ("proposal", "date") else {}
    if kind == "date":
        asked["dates"] = making.evenings(1, 2, 3, 4)
    return making.vote(group, by, kind=kind, is_secret=True, **{**asked, **PLANS[kind], **values})


def says_now(vote: Vote, by: Any, key: str, choice: str) -> None:
    """The committed ballot with this key has another choice string."""
    marks = list(choices.read(vote.kind, choice).items())
    casting.change(vote, by, keys.spelled(key).lower(), marks=marks, blank=not marks)
    db.session.commit()


def all_say(vote: Vote, people: Iterable[Any]) -> Held:
    """Everyone of these has voted, one choice after the other; the last abstains."""
    said = [*CHOICES[vote.kind], ""]
    return Held(
        vote,
        [boxes.says(vote, person, choice) for person, choice in zip(people, said, strict=True)],
    )


def later(vote: Vote) -> None:
    """Its end was moved by a day."""
    planned = {
        **plan.planned(vote),
        "closes_at": vote.closes_at + timedelta(days=1),
        "description": vote.description,
    }
    votes.update(vote, by=vote.author, plan=plan.VotePlan(**planned))
    db.session.commit()
    assert vote.closes_at > clock.now()
