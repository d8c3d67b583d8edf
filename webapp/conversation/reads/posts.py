"""What pages show of a thread: plain rows, one statement for each function, however long the thread
is.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ...accounts.models import BlockOrMute, User
from ...core.db.session import fetch_columns
from ...core.extensions import db
from ...core.time import clock
from ...core.ui.look_alikes import name_columns
from ...groups.models import Group, Membership
from ...groups.reads import LATELY
from .. import post_pictures, reactions
from ..models import (
    FOLLOWS,
    GROUP,
    MUTED,
    OPENING,
    Mention,
    Reply,
    ReplyPicture,
    ReplyVersion,
    Thread,
    ThreadReader,
)
from ..reactions import ReactionView

#: Replies on a page of a thread.
REPLIES = 20
#: The most new replies sent at once to an open page.
MOST_AT_ONCE = 50
#: The largest number of a reply.
_LAST = 2**31 - 1
#: Columns of `Reply` that a post shows.
_COLUMNS = (
    "id",
    "number",
    "created_at",
    "edited_at",
    "version",
    "removed_by",
    "hidden_at",
    "reason",
    "answers",
    "picture_count",
)


class ReaderState(NamedTuple):
    """The reader's state in a thread; `seen` is None if they never opened it."""

    seen: int | None
    state: str | None

    @property
    def follows(self) -> bool:
        """Whether they are notified of replies."""
        return self.state == FOLLOWS

    @property
    def is_muted(self) -> bool:
        """Whether they muted it."""
        return self.state == MUTED


@dataclass
class PostView:
    """A reply on a page: author, time and text, if the reader may see it (else None)."""

    row: Any
    author: dict[str, Any]
    mentions: tuple[tuple[str, str], ...] = ()
    reactions: Sequence[ReactionView] = ()
    pictures: Sequence[ReplyPicture] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def reader_state(thread: Thread, user: Any) -> ReaderState:
    """Return the state of `user` in the thread."""
    query = sa.select(ThreadReader.last_seen_number, ThreadReader.state)
    row = db.session.execute(
        query.where(ThreadReader.thread_id == thread.id, ThreadReader.user_id == user.id)
    ).one_or_none()
    return ReaderState(*row) if row is not None else ReaderState(None, None)


def page_of(
    thread: Thread, number: int, within: uuid.UUID | None, reader: Any = None
) -> list[PostView]:
    """Return a page of replies in order; the first page begins with the opening.

    `number` counts from 1. `within`: the group that the reader shares with its members. `reader`:
    whose mutes apply. Both also below.
    """
    first = (number - 1) * REPLIES + 1 if number > 1 else OPENING
    return _posts_of(thread, within, reader, first, last=number * REPLIES)


def newer(
    thread: Thread, since: int, within: uuid.UUID | None, reader: Any = None
) -> list[PostView]:
    """Return the replies after this number, up to MOST_AT_ONCE."""
    return _posts_of(thread, within, reader, since + 1, most=MOST_AT_ONCE)


def newest(
    thread: Thread, number: int, within: uuid.UUID | None, reader: Any = None
) -> list[PostView]:
    """Return the last `number` replies, in order."""
    return _posts_of(thread, within, reader, max(OPENING, thread.last_number - number) + 1)


def one(
    thread: Thread, number: int, within: uuid.UUID | None, reader: Any = None
) -> PostView | None:
    """Return the reply with this number."""
    return next(iter(_posts_of(thread, within, reader, number, last=number)), None)


def history(reply: Reply) -> list[Any]:
    """Return every version with its author, newest first."""
    query = (
        sa.select(ReplyVersion, User)
        .join(User, User.id == ReplyVersion.by_id)
        .where(ReplyVersion.reply_id == reply.id)
    )
    return list(db.session.execute(query.order_by(ReplyVersion.number.desc())))


def is_alone(thread: Thread) -> bool:
    """Whether only its author has written in the thread."""
    others = sa.select(Reply.id).where(
        Reply.thread_id == thread.id, Reply.author_id != thread.author_id
    )
    return not db.session.scalar(sa.select(others.exists()))


def author_columns(person: Any) -> list[Any]:
    """Return the columns that `author_of` reads."""
    names = (
        "id",
        "name",
        "handle",
        "picture",
        "profile_visibility",
        "deactivated_at",
        "is_admin",
    )
    return [getattr(person, name).label(f"author_{name}") for name in names]


def author_of(row: Any) -> dict[str, Any]:
    """Return what avatars and links need."""
    face = {
        name: getattr(row, f"author_{name}")
        for name in ("id", "handle", "picture", "profile_visibility", "deactivated_at", "is_admin")
    }
    return {
        **face,
        "name": row.author_name,
        "together": row.author_role is not None,
    }


@cache
def _posts() -> sa.Select[Any]:
    """Replies of a thread with text, author, and the name of the person answered; built once.

    `block_kind`: whether the reader has muted or blocked the author.
    """
    parent, answered = aliased(Reply), aliased(User)
    columns = [getattr(Reply, name) for name in _COLUMNS]
    columns += [
        ReplyVersion.body,
        *name_columns(answered, "answered"),
        BlockOrMute.kind.label("block_kind"),
    ]
    query = sa.select(*columns, *author_columns(User), Membership.role.label("author_role")).join(
        User, User.id == Reply.author_id
    )
    query = query.outerjoin(
        Membership,
        sa.and_(Membership.user_id == User.id, Membership.group_id == sa.bindparam("group")),
    )
    reader = sa.bindparam("reader", type_=sa.Uuid)
    query = query.outerjoin(
        BlockOrMute, sa.and_(BlockOrMute.user_id == reader, BlockOrMute.other_id == User.id)
    )
    now = sa.and_(ReplyVersion.reply_id == Reply.id, ReplyVersion.number == Reply.version)
    query = query.outerjoin(ReplyVersion, now)
    query = query.outerjoin(
        parent, sa.and_(parent.thread_id == Reply.thread_id, parent.number == Reply.answers)
    )
    first, last, most = (sa.bindparam(name, type_=sa.Integer) for name in ("first", "last", "most"))
    query = query.outerjoin(answered, answered.id == parent.author_id).where(
        Reply.thread_id == sa.bindparam("thread"), Reply.number.between(first, last)
    )
    return query.order_by(Reply.number).limit(most)


def _posts_of(
    thread: Thread,
    within: uuid.UUID | None,
    reader: Any,
    first: int,
    last: int = _LAST,
    most: int = MOST_AT_ONCE,
) -> list[PostView]:
    """The posts in a range of numbers, with links of mentions and, for a reader, reactions."""
    given = {"thread": thread.id, "group": within, "first": first, "last": last, "most": most}
    given["reader"] = reader.id if reader is not None else None
    posts = [PostView(row, author_of(row)) for row in fetch_columns(_posts(), given)]
    if reader is not None:
        open_ones = [post.id for post in posts if post.removed_by is None and not post.hidden_at]
        seen = reactions.of(open_ones, reader)
        for post in posts:
            post.reactions = seen.get(post.id, ())
    pictured = [post.id for post in posts if post.picture_count and post.removed_by is None]
    shown = post_pictures.of(pictured)
    for post in posts:
        post.pictures = shown.get(post.id, ())
    return _with_mentions(posts, within)


def _with_mentions(posts: list[PostView], within: uuid.UUID | None) -> list[PostView]:
    """Add the targets of each `@handle`: only profiles that the reader may see."""
    naming = [post.id for post in posts if post.body and "@" in post.body]
    urls: dict[uuid.UUID, list[tuple[str, str]]] = {}
    for reply_id, handle, person in db.session.execute(_named(naming, within)) if naming else ():
        urls.setdefault(reply_id, []).append((handle, f"/people/{person}"))
    for post in posts:
        post.mentions = tuple(sorted(urls.get(post.id, [])))
    return posts


def _named(reply_ids: list[uuid.UUID], within: uuid.UUID | None) -> Any:
    """Mentions of people whose profile is public, or visible in a group that they share."""
    is_member = sa.exists().where(Membership.user_id == User.id, Membership.group_id == within)
    shown = sa.or_(
        User.profile_visibility == "everyone",
        sa.and_(User.profile_visibility == "groups", is_member),
    )
    query = sa.select(Mention.reply_id, Mention.handle, User.handle.label("person")).join(
        User, User.id == Mention.user_id
    )
    return query.where(Mention.reply_id.in_(reply_ids), User.deactivated_at.is_(None), shown)


def recent_reply_count(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """Return the number of replies in the group in the last month, as a part of another
    statement.
    """
    since = clock.now() - LATELY
    written = sa.select(sa.func.count(Reply.id)).join(Thread, Thread.id == Reply.thread_id)
    in_group = (Thread.group_id == group.id, Thread.kind == GROUP, Thread.last_at > since)
    recent = (Reply.number != OPENING, Reply.removed_at.is_(None), Reply.created_at > since)
    return written.where(*in_group, *recent).scalar_subquery()
