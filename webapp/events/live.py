"""Who may listen to an event's signals: those who see its page."""

import uuid
from typing import Any

from ..core import live
from ..core.extensions import db
from . import access
from .models import Event


@live.topic("event")
def may_watch(user: Any, id: str) -> bool:
    """Whether `user` may hear that something about the event with this id has changed."""
    try:
        event = db.session.get(Event, uuid.UUID(id))
    except ValueError:
        return False
    return event is not None and access.may_see(user, event)
