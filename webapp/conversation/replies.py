"""Writing and editing replies, under the thread's lock, which numbers them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager

from ..accounts import blocks
from ..accounts.models import User
from ..core.db.base import new_id
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.jobs import fan_out
from ..core.observability import audit
from ..core.storage.pictures import StoredPicture
from ..core.time import clock
from . import access, following, mentions, notices, post_pictures
from .access import hold
from .audience import REPLY
from .models import Reply, ReplyVersion, Thread
from .post_pictures import PictureChanges
from .threads import refuse_empty


def add(
    thread: Thread,
    by: User,
    body: str,
    answers: int | None = None,
    id: UUID | None = None,
    pictures: Sequence[StoredPicture] = (),
) -> Reply:
    """Add a reply; notify mentioned people now, and followers in a job.

    Raises UserError if `by` can't reply there.
    """
    thread = hold(thread)
    container = access.container_of(thread)
    if container is None or not access.can_reply(by, container, thread):
        raise UserError(_("This is locked. Only people who moderate here can write."))
    refuse_empty(body)
    if answers is not None and not 0 < answers <= thread.last_number:
        answers = None
    thread.last_number += 1
    thread.reply_count += 1
    thread.last_at = clock.now()
    reply = Reply(
        id=id or new_id(), thread=thread, number=thread.last_number, author=by, answers=answers
    )
    db.session.add(reply)
    db.session.flush()
    db.session.add(ReplyVersion(reply_id=reply.id, number=1, by_id=by.id, body=body))
    post_pictures.add(reply, pictures)
    following.note_reply(thread, by, reply.number)
    notices.mentioned(reply, container, mentions.note(reply, container, body))
    fan_out.start(REPLY, reply.id)
    notices.reply_arrived(thread)
    return reply


def edit(
    reply: Reply,
    by: User,
    version: int,
    body: str,
    title: str = "",
    pictures: PictureChanges | None = None,
) -> Reply:
    """Change the text, keep the old version in the history, and notify people newly mentioned.

    Raises Conflict if someone edited it since `version`.
    """
    thread = hold(reply.thread)
    reply = _fresh(reply)
    container = access.container_of(thread)
    if container is None or not access.can_edit(by, container, reply):
        raise UserError(_("This can no longer be edited."))
    refuse_empty(body)
    if reply.version != version:
        raise Conflict(
            _(
                "This was changed while you were writing. Both versions are below. Send yours "
                "again to replace the other one."
            )
        )
    has_others = pictures is not None and post_pictures.change(reply, pictures)
    if not has_others and not _differs(reply, body, title):
        return reply
    reply.version += 1
    reply.edited_at = clock.now()
    if reply.is_opening:
        thread.title = title or thread.title
    written = thread.title if reply.is_opening else None
    db.session.add(
        ReplyVersion(reply_id=reply.id, number=reply.version, by_id=by.id, title=written, body=body)
    )
    if by.id != reply.author_id:
        audit.record("reply.edited", by=by, subject=reply, group=str(thread.group_id))
    notices.mentioned(reply, container, mentions.note(reply, container, body))
    notices.reply_changed(reply)
    return reply


def words_of(reply: Reply) -> ReplyVersion | None:
    """Return the current text; None if it was erased."""
    query = sa.select(ReplyVersion).where(
        ReplyVersion.reply_id == reply.id, ReplyVersion.number == reply.version
    )
    return db.session.scalar(query)


def written_in(
    reader: User, single: Collection[tuple[UUID, int]], since: Mapping[UUID, int], until: datetime
) -> dict[UUID, list[Reply]]:
    """Return visible replies by thread, newest first: `single` ones (thread, number), and those
    `since` a number.

    Without the reader's own, and those of people they muted or blocked, or who blocked them.
    """
    which = [
        *(sa.and_(Reply.thread_id == one, Reply.number == number) for one, number in single),
        *(sa.and_(Reply.thread_id == one, Reply.number >= number) for one, number in since.items()),
    ]
    if not which:
        return {}
    query = sa.select(Reply).join(Reply.author).options(contains_eager(Reply.author))
    query = query.where(
        sa.or_(*which),
        Reply.removed_by.is_(None),
        Reply.hidden_at.is_(None),
        Reply.created_at <= until,
        Reply.author_id != reader.id,
        ~blocks.apart(reader.id, Reply.author_id),
    )
    found: dict[UUID, list[Reply]] = defaultdict(list)
    for reply in db.session.scalars(query.order_by(Reply.created_at.desc(), Reply.number.desc())):
        found[reply.thread_id].append(reply)
    return found


def bodies_of(some: Iterable[Reply]) -> dict[UUID, str]:
    """Return the current texts of these replies, by id."""
    query = sa.select(ReplyVersion.reply_id, ReplyVersion.body).join(
        Reply, sa.and_(ReplyVersion.reply_id == Reply.id, ReplyVersion.number == Reply.version)
    )
    rows = db.session.execute(query.where(Reply.id.in_([reply.id for reply in some])))
    return {row.reply_id: row.body for row in rows}


def _differs(reply: Reply, body: str, title: str) -> bool:
    now = words_of(reply)
    return (
        now is None
        or now.body != body
        or (reply.is_opening and bool(title) and title != reply.thread.title)
    )


def _fresh(reply: Reply) -> Reply:
    found = db.session.get(Reply, reply.id, populate_existing=True)
    if found is None:
        raise Conflict(_("This thread has been deleted."))
    return found
