"""Threads as lines of a list: pinned, by latest reply, and the latest few."""

import uuid
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import aliased

from ...accounts.models import User
from ...core import i18n
from ...core.db.keyset import Cursor, KeysetPage, keyset_page
from ...core.db.session import constant
from ...core.extensions import db
from ...core.time import clock
from ...core.ui.look_alikes import name_columns, name_in, name_of
from ...groups.models import Group, Membership
from ...people import avatars
from .. import titles
from ..models import MUTED, Reply, Thread, ThreadReader
from .posts import author_columns, author_of

#: Threads on a page.
THREADS = 20
#: Threads that someone never opened count as new for this long.
NEW_FOR = timedelta(days=14)


class ThreadLine(NamedTuple):
    """The data of the macro `thread_line`.

    `title`: a hidden one is shown only to its author and moderators. `at`: the first reply that the
    reader hasn't seen if they have begun to read, else 0. `last_by`: "" if nobody has replied, or
    the last reply is deleted.
    """

    id: uuid.UUID
    at: int
    title: str
    author: Markup
    face: Markup
    reply_count: int
    last_by: str
    moment: str
    since: str
    unread: int
    is_new: bool
    is_announcement: bool
    is_pinned: bool
    is_locked: bool
    is_muted: bool
    #: Whether the reader sees a title that is hidden from other members.
    is_hidden_from_others: bool


def pinned(group: Group, user: Any) -> list[ThreadLine]:
    """Return the pinned threads, latest pinned first."""
    query = (
        _lines().where(Thread.pinned_at.is_not(None)).order_by(Thread.pinned_at.desc(), Thread.id)
    )
    return [_line(row, group, user) for row in db.session.execute(query, _whose(group, user))]


def listed(group: Group, user: Any, cursor: Cursor | None) -> KeysetPage:
    """Return a page of the other threads, by latest reply."""
    query = _lines().where(Thread.pinned_at.is_(None))
    found = keyset_page(
        query,
        Thread.last_at,
        Thread.id,
        cursor,
        THREADS,
        latest_first=True,
        given=_whose(group, user),
    )
    return found._replace(items=[_line(row, group, user) for row in found.items])


def latest(group: Group, user: Any, limit: int = 3) -> list[ThreadLine]:
    """Return the threads with the latest replies, pinned or not."""
    wanted = _lines().order_by(Thread.last_at.desc(), Thread.id.desc()).limit(constant(limit))
    return [_line(row, group, user) for row in db.session.execute(wanted, _whose(group, user))]


def _whose(group: Group, user: Any) -> dict[str, Any]:
    """The parameters of `_lines`."""
    return {"group": group.id, "reader": user.id}


@cache
def _lines() -> sa.Select[Any]:
    """A group's threads with author, last author, and how far the reader has read.

    Built once, because it is large.
    """
    last, writer, beginner, role = aliased(Reply), aliased(User), aliased(User), aliased(Membership)
    columns = [
        getattr(Thread, name)
        for name in ("id", "title", "created_at", "last_at", "last_number", "reply_count")
    ]
    columns += [
        Thread.is_announcement,
        Thread.pinned_at,
        Thread.locked_at,
        ThreadReader.last_seen_number,
        ThreadReader.state,
    ]
    columns += [Thread.title_hidden_at]
    columns += [
        last.removed_by.label("last_gone"),
        *name_columns(writer, "last"),
    ]
    query = sa.select(*columns, *author_columns(beginner), role.role.label("author_role"))
    query = query.join(beginner, beginner.id == Thread.author_id)
    query = query.outerjoin(
        role, sa.and_(role.group_id == Thread.group_id, role.user_id == beginner.id)
    )
    query = query.outerjoin(
        last, sa.and_(last.thread_id == Thread.id, last.number == Thread.last_number)
    )
    query = query.outerjoin(writer, writer.id == last.author_id)
    mine = sa.and_(
        ThreadReader.thread_id == Thread.id, ThreadReader.user_id == sa.bindparam("reader")
    )
    of_group = Thread.group_id == sa.bindparam("group")
    return query.outerjoin(ThreadReader, mine).where(of_group, Thread.deleted_at.is_(None))


def _line(row: Any, group: Group, user: Any) -> ThreadLine:
    seen, is_muted = row.last_seen_number, row.state == MUTED
    unread = 0 if seen is None or is_muted else row.last_number - seen
    title, author = titles.shown(user, group, row), author_of(row)
    moment = row.last_at if row.reply_count else row.created_at
    return ThreadLine(
        id=row.id,
        at=seen + 1 if unread else 0,
        title=title,
        author=name_of(author),
        face=avatars.avatar_of(author, user, together=author["together"]),
        reply_count=row.reply_count,
        last_by="" if row.last_gone else name_in(row, "last"),
        moment=moment.isoformat(timespec="seconds"),
        since=i18n.since(moment),
        unread=unread,
        is_new=seen is None and row.last_at > clock.now() - NEW_FOR,
        is_announcement=row.is_announcement,
        is_pinned=row.pinned_at is not None,
        is_locked=row.locked_at is not None,
        is_muted=is_muted,
        is_hidden_from_others=row.title_hidden_at is not None and title == row.title,
    )
