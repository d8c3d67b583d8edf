"""Who may listen to an event's signals: those who see its page."""

import uuid
from typing import Any

from ..core import live
from ..core.extensions import db
from . import access
from .models import Event


def topic_of(event: Event) -> str:
    """What the event's pages listen to."""
    return f"event:{event.id}"


@live.place("event")
def tells_who_is_here(id: uuid.UUID) -> bool:
    """Every event says who looks at it."""
    return True


@live.topic("event")
def may_watch(user: Any, id: uuid.UUID) -> bool:
    """Whether `user` may hear that something about the event with this id has changed."""
    event = db.session.get(Event, id)
    return event is not None and access.may_see(user, event)
