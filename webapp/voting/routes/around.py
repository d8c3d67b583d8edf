"""What stands on a vote's page beside the question, the ballot and the result."""

from typing import Any

from ...conversation.routes.talk import talk_at
from ...events import access as events
from ...events.models import Event
from .. import appointing, comments, electorates, grounds, inviting, marks, reminding, statements
from ..comments import AtVote
from ..models import Vote

#: So many reasons stand on the vote's page; all of them have a page of their own.
GROUNDS = 6


def parts(vote: Vote, user: Any) -> dict[str, Any]:
    """What the parts of the page show that are asked for by themselves: what follows, reasons,
    and what it is about.
    """
    return {
        "statement": statements.of(vote) if vote.is_counted else None,
        "grounds": grounds.given(vote, size=GROUNDS) if grounds.may_be_seen(user, vote) else None,
        "electorates": electorates,
        "say": marks.chosen,
        "event": _event(vote, user),
        "may_appoint": appointing.is_to_do(vote)
        and appointing.may_be(vote)
        and appointing.may(user, vote),
    }


def beside(vote: Vote, user: Any, may_edit: bool) -> dict[str, Any]:
    """What only the whole page shows: the discussion, and what whoever runs the vote can do now."""
    shown: dict[str, Any] = {"talk": talk_at(AtVote(vote), comments.thread_of(vote), user)}
    if may_edit:
        shown |= {
            "may_invite": inviting.may_change(vote),
            "waits_for_people": electorates.waits_for_people(vote),
        }
        if vote.is_open and vote.opened_at is not None:
            shown |= {
                "silent": reminding.known_silent(vote, but=user),
                "rests_until": reminding.rests_until(vote),
            }
    return shown


def _event(vote: Vote, user: Any) -> Event | None:
    """The event that the vote is about, where `user` may know of it: a draft is its hosts', what
    moderators hid nobody else's.
    """
    event = vote.event
    return (
        event
        if event is not None and (events.is_announced(event) or events.may_see(user, event))
        else None
    )
