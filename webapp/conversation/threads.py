"""Start, pin, lock and delete threads."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.base import new_id
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.jobs import fan_out
from ..core.observability import audit
from ..core.storage.pictures import StoredPicture
from ..core.time import clock
from ..groups import access as groups
from ..groups.models import Group
from . import access, following, mentions, notices, post_pictures
from .access import GroupContainer, hold
from .audience import REPLY
from .models import OPENING, Reply, ReplyVersion, Thread

#: The most pinned threads in a conversation.
MOST_PINNED = 5


def start(
    group: Group,
    by: User,
    title: str,
    body: str,
    announces: bool = False,
    id: UUID | None = None,
    pictures: Sequence[StoredPicture] = (),
) -> Thread:
    """Start a thread with its opening; notify mentioned people, and with `announces` every member.

    Raises UserError if `by` can't start threads or announce.
    """
    if not groups.can(by, access.START, group):
        raise UserError(
            _(
                "You can reply here, but only the people who manage %(group)s can start threads.",
                group=group.name,
            )
        )
    if announces and not groups.can(by, access.ANNOUNCE, group):
        raise UserError(_("Only owners and organizers can post announcements."), field="announces")
    refuse_empty(body)
    thread = Thread(
        id=id or new_id(),
        group=group,
        author=by,
        title=title,
        is_announcement=announces,
        last_at=clock.now(),
    )
    opening = Reply(id=new_id(), thread=thread, number=OPENING, author=by)
    db.session.add_all([thread, opening])
    db.session.flush()
    db.session.add(ReplyVersion(reply_id=opening.id, number=1, by_id=by.id, title=title, body=body))
    post_pictures.add(opening, pictures)
    following.note_reply(thread, by, OPENING)
    container = GroupContainer(group)
    notices.mentioned(opening, container, mentions.note(opening, container, body))
    if announces:
        fan_out.start(REPLY, opening.id)
        audit.record("thread.announced", by=by, subject=thread, group=str(group.id))
    notices.changed(thread)
    return thread


def create_empty(kind: str, by: User, title: str, followers: Iterable[User]) -> Thread:
    """Create a thread without an opening, whose subject stores its id; `followers` are notified of
    replies.
    """
    thread = Thread(id=new_id(), kind=kind, author=by, title=title, last_at=clock.now())
    db.session.add(thread)
    db.session.flush()
    following.begin(thread, followers)
    return thread


def pin(thread: Thread, by: User) -> None:
    """Pin the thread to the top of the list. Raises UserError if too many are pinned."""
    thread = _managed(thread, by)
    pinned = sa.select(sa.func.count()).where(
        Thread.group_id == thread.group_id, Thread.pinned_at.is_not(None)
    )
    if (
        db.session.scalar(pinned.where(Thread.deleted_at.is_(None), Thread.id != thread.id)) or 0
    ) >= MOST_PINNED:
        raise UserError(_("Five threads are already pinned. Unpin one of them first."))
    thread.pinned_at = thread.pinned_at or clock.now()
    _record("thread.pinned", thread, by)


def unpin(thread: Thread, by: User) -> None:
    """Unpin the thread."""
    thread = _managed(thread, by)
    thread.pinned_at = None
    _record("thread.unpinned", thread, by)


def lock(thread: Thread, by: User) -> None:
    """Lock the thread: only moderators can write."""
    thread = _managed(thread, by)
    thread.locked_at = thread.locked_at or clock.now()
    _record("thread.locked", thread, by)


def unlock(thread: Thread, by: User) -> None:
    """Unlock the thread."""
    thread = _managed(thread, by)
    thread.locked_at = None
    _record("thread.unlocked", thread, by)


def delete(thread: Thread, by: User) -> None:
    """Delete the thread as its author. Raises UserError if others have written in it."""
    thread = hold(thread)
    if thread.author_id != by.id:
        raise UserError(_("Only the person who started it can delete it."))
    others = sa.select(sa.literal(1)).where(Reply.thread_id == thread.id, Reply.author_id != by.id)
    if db.session.scalar(others.limit(1)) is not None:
        raise UserError(
            _(
                "Others have written here, so you can’t delete the thread. You can still "
                "delete your own posts."
            )
        )
    _put_away(thread)


def remove(thread: Thread, by: User, reason: str) -> None:
    """Remove the thread with everything in it as a moderator, and notify its author of the
    reason.
    """
    thread = _managed(thread, by)
    if not reason:
        raise UserError(_("Enter a reason. The author will see it."), field="reason")
    _put_away(thread)
    audit.record("thread.removed", by=by, subject=thread, group=str(thread.group_id))
    notices.removed(thread.author, thread, by, reason, "thread")


def refuse_empty(body: str) -> None:
    """Raises UserError if nothing was written."""
    if not body.strip():
        raise UserError(_("Write a message first."), field="body")


def _put_away(thread: Thread) -> None:
    thread.deleted_at, thread.pinned_at = clock.now(), None
    db.session.flush()
    notices.changed(thread)


def _managed(thread: Thread, by: User) -> Thread:
    thread = hold(thread)
    container = access.container_of(thread)
    if container is None or not container.can(by, access.MODERATE):
        raise UserError(_("Only people who moderate here can do that."))
    return thread


def _record(action: str, thread: Thread, by: User) -> None:
    audit.record(action, by=by, subject=thread, group=str(thread.group_id))
    db.session.flush()
    notices.changed(thread)
