"""What pages show of a thread: plain rows, one statement a function, however long a thread
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

#: Places of replies on a page of a thread.
REPLIES = 20
#: So many new replies come at once to a page that stands open.
MOST_AT_ONCE = 50
#: No number of a reply is larger.
_LAST = 2**31 - 1


class ReaderState(NamedTuple):
    """How the reader stands to a thread; `seen` is None when they never opened it."""

    seen: int | None
    state: str | None

    @property
    def follows(self) -> bool:
        """Whether they are told of replies."""
        return self.state == FOLLOWS

    @property
    def is_muted(self) -> bool:
        """Whether they hear nothing of it."""
        return self.state == MUTED


@dataclass
class PostView:
    """A reply on a page: whose, when, and its words where they are for the reader (None where
    they are not).
    """

    row: Any
    author: dict[str, Any]
    mentions: tuple[tuple[str, str], ...] = ()
    reactions: Sequence[ReactionView] = ()
    pictures: Sequence[ReplyPicture] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def reader_state(thread: Thread, user: Any) -> ReaderState:
    """How `user` stands to the thread."""
    query = sa.select(ThreadReader.last_seen_number, ThreadReader.state)
    row = db.session.execute(
        query.where(ThreadReader.thread_id == thread.id, ThreadReader.user_id == user.id)
    ).one_or_none()
    return ReaderState(*row) if row is not None else ReaderState(None, None)


def page_of(
    thread: Thread, number: int, within: uuid.UUID | None, reader: Any = None
) -> list[PostView]:
    """The places of this page, counted from 1, in their order; the first page begins with the
    opening.

    `within`: the group that the reader shares with its members, `reader`: whose mutes count, here
    and below.
    """
    first = (number - 1) * REPLIES + 1 if number > 1 else OPENING
    return _posts_of(thread, within, reader, first, last=number * REPLIES)


def newer(
    thread: Thread, since: int, within: uuid.UUID | None, reader: Any = None
) -> list[PostView]:
    """The replies after this number, as many as come at once."""
    return _posts_of(thread, within, reader, since + 1, most=MOST_AT_ONCE)


def newest(
    thread: Thread, number: int, within: uuid.UUID | None, reader: Any = None
) -> list[PostView]:
    """So many places at the end of the thread, in their order."""
    return _posts_of(thread, within, reader, max(OPENING, thread.last_number - number) + 1)


def one(
    thread: Thread, number: int, within: uuid.UUID | None, reader: Any = None
) -> PostView | None:
    """The reply of this number."""
    return next(iter(_posts_of(thread, within, reader, number, last=number)), None)


def history(reply: Reply) -> list[Any]:
    """Every version with who wrote it, the newest first."""
    query = (
        sa.select(ReplyVersion, User)
        .join(User, User.id == ReplyVersion.by_id)
        .where(ReplyVersion.reply_id == reply.id)
    )
    return list(db.session.execute(query.order_by(ReplyVersion.number.desc())))


def is_alone(thread: Thread) -> bool:
    """Whether nobody but its author has written in it."""
    others = sa.select(Reply.id).where(
        Reply.thread_id == thread.id, Reply.author_id != thread.author_id
    )
    return not db.session.scalar(sa.select(others.exists()))


def author_columns(person: Any) -> list[Any]:
    """What `author_of` reads from a row."""
    names = (
        "id",
        "first_name",
        "last_name",
        "handle",
        "picture",
        "profile_visibility",
        "deactivated_at",
    )
    return [getattr(person, name).label(f"author_{name}") for name in names]


def author_of(row: Any) -> dict[str, Any]:
    """What avatars and links are made of."""
    face = {
        name: getattr(row, f"author_{name}")
        for name in ("id", "handle", "picture", "profile_visibility", "deactivated_at")
    }
    return {
        **face,
        "name": f"{row.author_first_name} {row.author_last_name}",
        "together": row.author_role is not None,
    }


@cache
def _posts() -> sa.Select[Any]:
    """Replies of a thread with their words, their authors, and the name of whom they answer; built
    once.

    `block_kind`: whether the reader has muted or blocked the author.
    """
    parent, answered = aliased(Reply), aliased(User)
    names = (
        *("id", "number", "created_at", "edited_at", "version", "removed_by", "hidden_at"),
        *("reason", "answers", "picture_count"),
    )
    columns = [getattr(Reply, name) for name in names]
    columns += [ReplyVersion.body, answered.first_name.label("answered_first_name")]
    columns += [
        answered.last_name.label("answered_last_name"),
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
    """The posts from one number to another, with where names in them lead and, for a reader, how
    people reacted.
    """
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
    """The posts, knowing where `@handle` leads in each: only to pages that the reader may see."""
    naming = [post.id for post in posts if post.body and "@" in post.body]
    urls: dict[uuid.UUID, list[tuple[str, str]]] = {}
    for reply_id, handle, person in db.session.execute(_named(naming, within)) if naming else ():
        urls.setdefault(reply_id, []).append((handle, f"/people/{person}"))
    for post in posts:
        post.mentions = tuple(sorted(urls.get(post.id, [])))
    return posts


def _named(reply_ids: list[uuid.UUID], within: uuid.UUID | None) -> Any:
    """Whose page is for everyone, or for those with whom they share this group."""
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
    """How many replies its members have written in the last month: a part of a statement."""
    since = clock.now() - LATELY
    written = sa.select(sa.func.count(Reply.id)).join(Thread, Thread.id == Reply.thread_id)
    in_group = (Thread.group_id == group.id, Thread.kind == GROUP, Thread.last_at > since)
    recent = (Reply.number != OPENING, Reply.removed_at.is_(None), Reply.created_at > since)
    return written.where(*in_group, *recent).scalar_subquery()
