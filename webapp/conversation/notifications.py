"""The notification types of conversations, and the text of their inbox lines."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..accounts import blocks
from ..accounts.models import User
from ..accounts.reads import recipient as _reader
from ..core.extensions import db
from ..core.http.links import absolute
from ..groups.models import OPEN, Group, Membership
from ..mail.emails import EmailContext
from ..notifications.digest_contents import MOST_QUOTES, DigestContents, DigestQuote
from ..notifications.models import DIGEST
from ..notifications.notification_types import CONVERSATION, email_of, notification
from . import access, replies, titles
from .models import GROUP, OPENING, Reply, Thread


def _called(title: str) -> str:
    """Moderators may have hidden the title from everyone but its author and themselves."""
    return title or _("a hidden thread")


#: What lines say whose thread is gone: they don't show its title.
GONE = _l("This thread isn’t available any more")


def _readable(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Threads that are there: of those of groups, in which the reader may read."""
    mine = sa.select(Membership.group_id).where(Membership.user_id == reader.id)
    group = sa.and_(
        Group.deleted_at.is_(None), sa.or_(Group.visibility == OPEN, Group.id.in_(mine))
    )
    query = sa.select(Thread.id).outerjoin(Group, Group.id == Thread.group_id)
    query = query.where(Thread.id.in_(ids), Thread.deleted_at.is_(None))
    return query.where(sa.or_(Thread.kind != GROUP, group))


@notification(
    "thread.announced",
    CONVERSATION,
    _l("The organizers of one of your groups posted an announcement"),
    _l("Announcement"),
    from_person=True,
    holds=_readable,
    gone=GONE,
)
def _announced(group: str, title: str) -> str:
    return _("%(group)s announced: “%(title)s”", group=group, title=_called(title))


@notification(
    "reply.mentioned",
    CONVERSATION,
    _l("Someone mentioned you in a conversation"),
    _l("You were mentioned"),
    from_person=True,
    holds=_readable,
    gone=GONE,
)
def _mentioned(name: str, title: str) -> str:
    return _("%(name)s mentioned you in “%(title)s”", name=name, title=_called(title))


@notification(
    "reply.arrived",
    CONVERSATION,
    _l("Someone wrote in a thread you follow"),
    _l("New reply"),
    usual=DIGEST,
    is_important=False,
    from_person=True,
    holds=_readable,
    gone=GONE,
)
def _arrived(name: str, title: str) -> str:
    return _("%(name)s wrote in “%(title)s”", name=name, title=_called(title))


@notification(
    "reply.removed",
    CONVERSATION,
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
    """The author and the current text.

    Not sent once it is deleted or hidden, or if the reader can't read it or blocked the author.
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
    version, container = replies.words_of(found), access.container_of(found.thread)
    if version is None or container is None or blocks.has_blocked(reader, by=found.author):
        return None
    url = absolute(container.path_of(found.thread_id, found.number))
    return {
        "user": reader,
        "title": titles.inbox_title(reader, found.thread) or _("a hidden thread"),
        "where": container.group.name if container.group is not None else "",
        "group": container,
        "conversation": found.thread_id,
        "author": found.author,
        "reply": found,
        "words": version.body,
        "url": url,
    }


def add_to_digest(reader: User, contents: DigestContents) -> None:
    """Add replies in the digest's threads that the reader may read now.

    The first unread line about replies covers all later ones.
    """
    things = contents.of_kind("thread")
    threads = db.session.scalars(sa.select(Thread).where(Thread.id.in_(things)))
    read = {thread.id: thread for thread in threads if access.may_read(reader, thread)}
    single: set[tuple[UUID, int]] = set()
    since: dict[UUID, int] = {}
    for thread_id in read:
        thing = things[thread_id]
        for line in thing.lines:
            number = _number_in(line.url)
            if line.kind == "reply.arrived":
                since[thread_id] = min(number, since.get(thread_id, number))
            elif line.kind in ("thread.announced", "reply.mentioned"):
                single.add((thread_id, number))
            else:
                continue
            thing.covered.add(line.id)
    found = replies.written_in(reader, single, since, until=contents.sent_at)
    bodies = replies.bodies_of(one for written in found.values() for one in written[:MOST_QUOTES])
    for thread_id, written in found.items():
        thing = things[thread_id]
        thing.title = _called(titles.inbox_title(reader, read[thread_id]))
        thing.written = len(written)
        thing.headline = _in_brief(written, thing.title)
        thing.quotes = [
            DigestQuote(one.author.name, one.created_at, bodies.get(one.id, ""))
            for one in written[:MOST_QUOTES]
        ]


def _in_brief(written: list[Reply], title: str) -> str:
    if len(written) == 1 or any(reply.is_opening for reply in written):
        return ""  # the line names the author
    return ngettext(
        "%(num)d new reply in “%(title)s”",
        "%(num)d new replies in “%(title)s”",
        len(written),
        title=title,
    )


def _number_in(url: str) -> int:
    """Return the number of the reply in a URL made by `access.position_query`."""
    number = url.rpartition("#r")[2] if "#r" in url else ""
    return int(number) if number.isdecimal() else OPENING
