"""Notifications to the people on the electoral roll, and live signals for open pages."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from ..accounts.models import User
from ..core import live
from ..notifications import inbox, notify
from .models import INVITED, Vote
from .results import counting, findings, question


def changed(vote: Vote) -> None:
    """Signal open pages of the vote, its group and its event to reload it."""
    live.signal(f"vote:{vote.id}")
    live.signal(f"group:{vote.group_id}:votes")
    if vote.event_id is not None:
        live.signal(f"event:{vote.event_id}:votes")


def turnout_changed(vote: Vote) -> None:
    """Signal open pages to reload the number of voters and of ballots."""
    live.signal(f"vote:{vote.id}:ballots")


def opened(vote: Vote, people: Iterable[User]) -> None:
    """Notify people that voting is open, except its author. In a vote among invited people the
    notification comes from its author, so people who blocked or muted the author don't get it.
    """
    if vote.electorate == INVITED:
        _notify(vote, people, "vote.invited", by=vote.author, name=vote.author.name)
    else:
        _notify(vote, people, "vote.opened", by=vote.author)


def closed(vote: Vote, people: Iterable[User]) -> None:
    """Notify people of the result."""
    _notify(vote, people, "vote.closed", **_result(vote))


def cancelled(vote: Vote, people: Iterable[User], by: User | None) -> None:
    """Notify people that the vote was cancelled, except the person who cancelled it."""
    _notify(vote, people, "vote.cancelled", by=by, **_reason(vote))


def reword_result(vote: Vote) -> None:
    """Rewrite inbox lines about the vote's end. Those of a hidden vote say only that it was
    hidden.
    """
    lines = (
        {"vote.cancelled": _reason(vote)} if vote.is_cancelled else {"vote.closed": _result(vote)}
    )
    for kind, words in lines.items():
        inbox.reword(_about(vote)["scope"], kind, {"title": vote.title, **words})


def _result(vote: Vote) -> dict[str, Any]:
    if vote.hidden_at is not None or not vote.is_counted:
        return {"finding": None}
    return {"finding": findings.found(question.of(vote), counting.outcome_of(vote))}


def _reason(vote: Vote) -> dict[str, Any]:
    hidden = vote.hidden_at is not None
    return {"reason": _("A site admin hid it.") if hidden else vote.cancelled_reason}


def opening_failed(vote: Vote) -> None:
    """Tell the author that the vote couldn't open, and why. Others don't know of it yet."""
    _notify(vote, [vote.author], "vote.cancelled", **_reason(vote))


def missed(vote: Vote, people: Iterable[User], by: User | None) -> None:
    """Remind people that their ballot is missing, with the closing time in their own zone.
    `by`: the person who sends the reminder; None if it was scheduled.
    """
    closes = vote.closes_at.isoformat()

    def words(user: User) -> dict[str, Any]:
        return {
            "title": vote.title,
            "closes": closes,
            "zone": user.zone,
            **({"name": by.name} if by is not None else {}),
        }

    ids: dict[str, Any] = {**_about(vote), "vote": vote.id, "closes": closes}
    if by is None:
        notify.notify(people, "vote.nearing", vote.path, words, **ids)
    else:
        notify.notify(people, "vote.missed", vote.path, words, by=by, asker=by.id, **ids)


def concluded(vote: Vote, people: Iterable[User], by: User | None) -> None:
    """Notify people of the outcome, except the person who wrote it."""
    _notify(vote, people, "vote.concluded", by=by)


def review_due(vote: Vote, people: Iterable[User]) -> None:
    """Remind the vote's organizer to review the outcome."""
    _notify(vote, people, "vote.review")


def _about(vote: Vote) -> dict[str, Any]:
    return {"scope": f"vote:{vote.id}", "about": vote.group.name, "group_id": vote.group_id}


def _notify(
    vote: Vote, people: Iterable[User], kind: str, by: User | None = None, **more: Any
) -> None:
    notify.notify(
        people, kind, vote.path, {"title": vote.title, **more}, **_about(vote), by=by, vote=vote.id
    )
