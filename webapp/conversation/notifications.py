"""What people can be told about a conversation, and what the line in the inbox then says."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..accounts import blocks
from ..accounts.reads import recipient as _reader
from ..core.extensions import db
from ..core.http.links import absolute
from ..mail.emails import EmailContext
from ..notifications.models import DAILY
from ..notifications.notification_types import GROUPS, email_of, notification
from . import access, replies, titles
from .models import Reply


def _called(title: str) -> str:
    """Moderators may have hidden it, from all but its author and themselves."""
    return title or _("a hidden thread")


@notification(
    "thread.announced",
    GROUPS,
    _l("The organizers of one of your groups posted an announcement"),
    _l("Announcement"),
    from_person=True,
)
def _announced(group: str, title: str) -> str:
    return _("%(group)s announced: %(title)s", group=group, title=_called(title))


@notification(
    "reply.mentioned",
    GROUPS,
    _l("Someone mentioned you in a conversation"),
    _l("You were mentioned"),
    from_person=True,
)
def _mentioned(name: str, title: str) -> str:
    return _("%(name)s mentioned you in “%(title)s”", name=name, title=_called(title))


@notification(
    "reply.arrived",
    GROUPS,
    _l("Someone wrote in a thread you follow"),
    _l("New reply"),
    usual=DAILY,
    is_important=False,
    from_person=True,
)
def _arrived(name: str, title: str) -> str:
    return _("%(name)s wrote in “%(title)s”", name=name, title=_called(title))


@notification(
    "reply.removed",
    GROUPS,
    _l("Something you wrote was removed or hidden"),
    _l("Moderators’ decision"),
)
def _removed(title: str, reason: str, what: str) -> str:
    title = _called(title)
    if what == "thread":
        return _("Your thread “%(title)s” was removed: %(reason)s", title=title, reason=reason)
    if what == "hidden":
        return _("Your post in “%(title)s” was hidden: %(reason)s", title=title, reason=reason)
    return _("Your post in “%(title)s” was removed: %(reason)s", title=title, reason=reason)


@email_of("conversation/announced", "thread.announced")
@email_of("conversation/mentioned", "reply.mentioned")
@email_of("conversation/replied", "reply.arrived")
def written(user: str, reply: str) -> EmailContext | None:
    """Who wrote, and the words as they are now; pointless when they are gone, or the reader has
    left or blocked the person who wrote them.
    """
    reader, found = _reader(user), db.session.get(Reply, UUID(reply))
    if (
        reader is None
        or found is None
        or found.removed_by
        or found.hidden_at
        or not access.may_read(reader, found.thread)
    ):
        return None
    words, place = replies.words_of(found), access.container_of(found.thread)
    if words is None or place is None or blocks.has_blocked(reader, by=found.author):
        return None
    url = absolute(place.path_of(found.thread_id, found.number))
    return {
        "user": reader,
        "title": titles.inbox_title(reader, found.thread) or _("a hidden thread"),
        "where": place.group.name if place.group is not None else "",
        "group": place,
        "conversation": found.thread_id,
        "author": found.author,
        "reply": found,
        "words": words.body,
        "url": url,
    }
