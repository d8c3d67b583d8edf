"""What of the comments stands on the event's own page."""

from typing import Any

from ...conversation.routes.talk import Talk, talk_at
from .. import comments
from ..comments import AtEvent
from ..models import Event


def talk_about(event: Event, user: Any) -> Talk | None:
    """The newest comments; a draft has none."""
    return None if event.is_draft else talk_at(AtEvent(event), comments.thread_of(event), user)
