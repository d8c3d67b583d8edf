"""What those on the roll are told: it has opened, it has closed and how, it was cancelled."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ..accounts.models import User
from ..core import live
from ..core.extensions import db
from ..notifications import telling
from . import counting
from .models import Vote, Voter
from .showing import findings, question


def changed(vote: Vote) -> None:
    """Open pages of the vote, of its group and of its event ask for it again."""
    live.signal(f"vote:{vote.id}")
    live.signal(f"group:{vote.group_id}:votes")
    if vote.event_id is not None:
        live.signal(f"event:{vote.event_id}:votes")


def opened(vote: Vote, people: Iterable[User]) -> None:
    """Everyone on the new roll has a line and a letter that voting is open."""
    _tell(vote, people, "vote.opened")


def closed(vote: Vote) -> None:
    """Everyone on the roll has a line and a letter with the result."""
    _tell(vote, _on_roll(vote), "vote.closed", finding=findings.found(question.of(vote), counting.outcome_of(vote)))


def cancelled(vote: Vote) -> None:
    """Everyone on the roll has a line that no ballot counts any more."""
    _tell(vote, _on_roll(vote), "vote.cancelled", reason=vote.cancelled_reason)


def _on_roll(vote: Vote) -> list[User]:
    people = sa.select(User).join(Voter, Voter.user_id == User.id)
    people = people.where(Voter.vote_id == vote.id, Voter.left_at.is_(None), User.deactivated_at.is_(None))
    return list(db.session.scalars(people))


def _tell(vote: Vote, people: Iterable[User], kind: str, **more: Any) -> None:
    about: Any = {"scope": f"vote:{vote.id}", "about": vote.group.name, "group_id": vote.group_id}
    telling.tell(people, kind, vote.path, {"title": vote.title, **more}, **about, vote=vote.id)
