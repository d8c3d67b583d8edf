"""What those on the roll are told: it has opened, it has closed and how, it was cancelled."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from ..accounts.models import User
from ..core import live
from ..notifications import inbox, notify
from .models import INVITED, Vote
from .results import counting, findings, question


def changed(vote: Vote) -> None:
    """Open pages of the vote, of its group and of its event ask for it again."""
    live.signal(f"vote:{vote.id}")
    live.signal(f"group:{vote.group_id}:votes")
    if vote.event_id is not None:
        live.signal(f"event:{vote.event_id}:votes")


def turnout_changed(vote: Vote) -> None:
    """Open pages ask again how many may vote, and how many have."""
    live.signal(f"vote:{vote.id}:ballots")


def opened(vote: Vote, people: Iterable[User]) -> None:
    """They have a line and a letter that voting is open; who was invited to it, from the person who
    put the question, unless they keep them at a distance."""
    if vote.electorate == INVITED:
        others = [person for person in people if person.id != vote.author_id]
        _notify(vote, others, "vote.invited", by=vote.author, name=vote.author.name)
        people = [person for person in people if person.id == vote.author_id]
    _notify(vote, people, "vote.opened")


def closed(vote: Vote, people: Iterable[User]) -> None:
    """They have a line and a letter with the result."""
    _notify(vote, people, "vote.closed", **_result(vote))


def cancelled(vote: Vote, people: Iterable[User]) -> None:
    """They have a line that no ballot counts any more."""
    _notify(vote, people, "vote.cancelled", **_reason(vote))


def reword_result(vote: Vote) -> None:
    """The lines that tell how the vote ended say it as it is to be said now: of a hidden one
    nothing but that.
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
    """The person who asked knows that the vote did not open, and why: nobody else has heard of
    it.
    """
    _notify(vote, [vote.author], "vote.cancelled", **_reason(vote))


def missed(vote: Vote, people: Iterable[User], by: User | None) -> None:
    """Their ballot is missing, until when by the clocks where they are: the clock says so, or
    `by`, who runs the vote.
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
    """They know what follows from the result."""
    _notify(vote, people, "vote.concluded", by=by)


def review_due(vote: Vote, people: Iterable[User]) -> None:
    """The person who runs the vote looks again at what was decided."""
    _notify(vote, people, "vote.review")


def _about(vote: Vote) -> dict[str, Any]:
    return {"scope": f"vote:{vote.id}", "about": vote.group.name, "group_id": vote.group_id}


def _notify(
    vote: Vote, people: Iterable[User], kind: str, by: User | None = None, **more: Any
) -> None:
    notify.notify(
        people, kind, vote.path, {"title": vote.title, **more}, **_about(vote), by=by, vote=vote.id
    )
