"""What of the comments stands on the page of what they are about."""

from typing import Any, NamedTuple

from .. import access, reads
from ..access.places import Place
from ..forms import ReplyForm
from ..models import Thread

#: So many stand there; all of them have a page of their own.
NEWEST = 5


class Talk(NamedTuple):
    """The newest comments as somebody may read them, and the form where they may write."""

    thread: Thread
    place: Place
    posts: list[Any]
    form: ReplyForm | None
    moderates: bool


def talk_at(place: Place, thread: Thread, user: Any) -> Talk:
    """For whoever has signed in at most one statement more, and one where somebody is mentioned;
    visitors learn how many there are."""
    posts: list[Any] = []
    if user.id is not None and thread.last_number:
        posts = reads.newest(thread, NEWEST, place.shared_with(user), user)
    form = ReplyForm(place.kind, formdata=None) if access.can_reply(user, place, thread) else None
    return Talk(thread, place, posts, form, place.can(user, access.MODERATE))
