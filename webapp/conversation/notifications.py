"""What people can be told about a conversation, and what the line in the inbox then says."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..accounts import blocks
from ..accounts.reads import reader as _reader
from ..core.extensions import db
from ..core.http.links import absolute
from ..mail.emails import EmailContext, email_context
from ..notifications.models import DAILY
from ..notifications.notification_types import GROUPS, NotificationType, add
from . import access, replies, titles
from .models import Reply


def _called(title: str) -> str:
    """Moderators may have hidden it, from all but its author and themselves."""
    return title or _("a hidden thread")


def _mentioned(name: str, title: str) -> str:
    return _("%(name)s mentioned you in “%(title)s”", name=name, title=_called(title))


def _arrived(name: str, title: str) -> str:
    return _("%(name)s wrote in “%(title)s”", name=name, title=_called(title))


def _announced(group: str, title: str) -> str:
    return _("%(group)s announced: %(title)s", group=group, title=_called(title))


def _removed(title: str, reason: str, what: str) -> str:
    title = _called(title)
    if what == "thread":
        return _("Your thread “%(title)s” was removed: %(reason)s", title=title, reason=reason)
    if what == "hidden":
        return _("Your post in “%(title)s” was hidden: %(reason)s", title=title, reason=reason)
    return _("Your post in “%(title)s” was removed: %(reason)s", title=title, reason=reason)


add(
    NotificationType(
        "thread.announced",
        GROUPS,
        _l("The organizers of one of your groups posted an announcement"),
        _announced,
        ("conversation/announced",),
        from_person=True,
    ),
    NotificationType(
        "reply.mentioned",
        GROUPS,
        _l("Someone mentioned you in a conversation"),
        _mentioned,
        ("conversation/mentioned",),
        from_person=True,
    ),
    NotificationType(
        "reply.arrived",
        GROUPS,
        _l("Someone wrote in a thread you follow"),
        _arrived,
        ("conversation/replied",),
        usual=DAILY,
        is_important=False,
        from_person=True,
    ),
    NotificationType(
        "reply.removed", GROUPS, _l("Something you wrote was removed or hidden"), _removed
    ),
)


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
    the person who wrote them.
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
    words, place = replies.words_of(written), access.container_of(written.thread)
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
