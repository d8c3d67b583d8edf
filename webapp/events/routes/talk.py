"""What of the comments stands on the event's own page."""

from typing import Any

from ...conversation.routes.thread_page import CommentsBlock, comments_block
from .. import comments
from ..comments import AtEvent
from ..models import Event


def talk_about(event: Event, user: Any) -> CommentsBlock | None:
    """The newest comments; a draft has none."""
    return (
        None if event.is_draft else comments_block(AtEvent(event), comments.thread_of(event), user)
    )
