"""What of the comments stands on the event's own page."""

from typing import Any, NamedTuple

from ...conversation import access as rights
from ...conversation import reads
from ...conversation.forms import ReplyForm
from ...conversation.models import Thread
from .. import comments
from ..comments import AtEvent
from ..models import Event

#: So many stand on the event's page; all of them have a page of their own.
NEWEST = 5


class Talk(NamedTuple):
    """The newest comments as somebody may read them, and the form where they may write."""

    thread: Thread
    place: AtEvent
    posts: list[Any]
    form: ReplyForm | None
    moderates: bool


def talk_about(event: Event, user: Any) -> Talk | None:
    """For whoever has signed in at most one statement more, and one where somebody is mentioned; visitors learn how many
    there are. A draft has none."""
    if event.is_draft:
        return None
    thread, place = comments.thread_of(event), AtEvent(event)
    posts: list[Any] = []
    if user.id is not None and thread.last_number:
        posts = reads.newest(thread, NEWEST, place.shared_with(user))
    form = ReplyForm(place.kind, formdata=None) if rights.can_reply(user, place, thread) else None
    return Talk(thread, place, posts, form, place.can(user, rights.MODERATE))
