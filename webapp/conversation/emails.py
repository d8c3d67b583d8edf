"""The letters about what was written, found at the moment of delivery: whoever may no longer
read it gets none.
"""

from uuid import UUID

from flask_babel import gettext as _

from ..accounts import blocks
from ..accounts.reads import reader as _reader
from ..core.extensions import db
from ..core.http.links import absolute
from ..mail.emails import EmailContext, email_context
from . import access, replies, titles
from .access import containers
from .models import Reply


@email_context("conversation/announced")
def announced(user: str, reply: str) -> EmailContext | None:
    """What the organizers have to say, in full."""
    return _about(user, reply)


@email_context("conversation/mentioned")
def mentioned(user: str, reply: str) -> EmailContext | None:
    """Who named them, with what was written."""
    return _about(user, reply)


@email_context("conversation/replied")
def replied(user: str, reply: str) -> EmailContext | None:
    """Who wrote in a thread that they follow, and what."""
    return _about(user, reply)


def _about(user: str, reply: str) -> EmailContext | None:
    """The words as they are now; pointless when they are gone, or the reader has left or blocked
    whoever wrote them.
    """
    reader, written = _reader(user), db.session.get(Reply, UUID(reply))
    if (
        reader is None
        or written is None
        or written.removed_by
        or written.hidden_at
        or not access.may_read(reader, written.thread)
    ):
        return None
    words, place = replies.words_of(written), containers.of(written.thread)
    if words is None or place is None or blocks.has_blocked(reader, by=written.author):
        return None
    url = absolute(place.path_of(written.thread_id, written.number))
    title = titles.told(reader, written.thread) or _("a hidden thread")
    return {
        "user": reader,
        "title": title,
        "group": place,
        "author": written.author,
        "words": words.body,
        "url": url,
    }
