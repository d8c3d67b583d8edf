"""What of the pictures and files stands on the event's own page."""

from typing import Any, NamedTuple

from .. import files
from ..models import Event
from ..reads import files as reads


class Shown(NamedTuple):
    """A few pictures as somebody may see them, and whether they may bring some."""

    pictures: list[Any]
    may_add: bool


def shown_pictures(event: Event, user: Any, rsvp: Any) -> Shown | None:
    """One statement where there are pictures, else none; None where there is nothing to see and
    nothing to bring.
    """
    if not files.can_see(user, event, rsvp):
        return None
    may_add = files.can_add(user, event, rsvp)
    if not (event.picture_count or event.file_count or may_add):
        return None
    return Shown(reads.newest_pictures(event, user) if event.picture_count else [], may_add)
