"""Threads: a pinned one, announcements, a locked one, and a long one."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import Any

import sqlalchemy as sa

from ...accounts.models import User
from ...conversation import following, post_pictures, reactions, removals, replies, threads
from ...conversation.models import OPENING, Reply, ReplyVersion, Thread
from ...core.extensions import db
from ...core.time import clock
from ...event_files import uploads
from ...event_files.models import BY_PEOPLE, FOR_ALL, FOR_PEOPLE, EventFile
from ...events.comments import EventContainer
from ...events.models import GOING, Event, Rsvp
from ...groups import reads as group_reads
from ...notifications.models import Notification
from . import past, texts
from .events import Events
from .groups import Groups
from .people import Cast
from .pictures import landscape

TEXTS = texts.load("threads")
#: How long after writing a reply its author changed it.
SECOND_THOUGHTS = timedelta(minutes=25)


@dataclass(frozen=True)
class ThreadReply:
    """A reply: its author, text, and the number of the reply that it answers.

    `before` is its first version, `reactions` maps a reaction to people's names, `pictures`
    describes each picture.
    """

    by: str
    words: str
    answers: int | None = None
    before: str = ""
    pictures: Sequence[str] = ()
    reactions: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoThread:
    """A thread begun `days` ago, whose last reply came `quiet` days ago.

    The `lines` are said by random members of the group. `removed` lists a reply's number, the
    moderator and the reason.
    """

    group: str
    by: str
    title: str
    words: str
    days: float
    quiet: float
    replies: Sequence[dict[str, Any]] = ()
    lines: Sequence[str] = ()
    announces: bool = False
    pinned_by: str = ""
    locked_by: str = ""
    removed: Sequence[dict[str, Any]] = ()
    deleted_by_author: Sequence[int] = ()
    reactions: Mapping[str, Sequence[str]] = field(default_factory=dict)


def create(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """Create all threads, notify people, and move everything back in time."""
    for talk in texts.rows(DemoThread, TEXTS["threads"]):
        posts = (
            _round(groups, talk, chance) if talk.lines else texts.rows(ThreadReply, talk.replies)
        )
        _hold(talk, posts, cast, groups, chance)


def _round(groups: Groups, talk: DemoThread, chance: random.Random) -> list[ThreadReply]:
    """Return replies by random members, never the same person twice in a row; some answer an
    earlier reply.
    """
    people = [person.name for person in group_reads.members(groups[talk.group])]
    posts: list[ThreadReply] = []
    for number, words in enumerate(talk.lines, 1):
        last = posts[-1].by if posts else talk.by
        by = chance.choice([name for name in people if name != last])
        answers = number - chance.randrange(1, 4) if number > 4 and chance.random() < 0.2 else None
        posts.append(ThreadReply(by, words, answers))
    return posts


def _hold(
    talk: DemoThread,
    replied: list[ThreadReply],
    cast: Cast,
    groups: Groups,
    chance: random.Random,
) -> None:
    thread = threads.start(
        groups[talk.group], cast[talk.by], talk.title, talk.words, talk.announces
    )
    for post in replied:
        reply = replies.add(
            thread,
            cast[post.by],
            post.before or post.words,
            post.answers,
        )
        if post.before:
            replies.edit(reply, cast[post.by], 1, post.words)
        _illustrate(reply, post.pictures, chance)
        _react(reply, post.reactions, cast)
    _react(_reply(thread, OPENING), talk.reactions, cast)
    past.fan_outs_run()
    _moderate(talk, thread, cast)
    _back_in_time(talk, thread)
    for person in cast.values():
        if person.name == talk.by:
            following.note_reply(thread, person, thread.last_number)


def _illustrate(reply: Reply, alts: Sequence[str], chance: random.Random) -> None:
    if alts:
        post_pictures.add(reply, post_pictures.store(landscape(chance) for _alt in alts))
        for row, alt in zip(post_pictures.of([reply.id])[reply.id], alts, strict=True):
            row.alt = alt


def _react(reply: Reply, reacted: Mapping[str, Sequence[str]], cast: Cast) -> None:
    for kind, names in reacted.items():
        for name in names:
            reactions.add(reply, cast[name], kind)


def _moderate(talk: DemoThread, thread: Thread, cast: Cast) -> None:
    for one in talk.removed:
        removals.remove(_reply(thread, one["number"]), cast[one["by"]], one["reason"])
    for number in talk.deleted_by_author:
        reply = _reply(thread, number)
        removals.delete(reply, by=reply.author)
    if talk.locked_by:
        threads.lock(thread, cast[talk.locked_by])
    if talk.pinned_by:
        threads.pin(thread, cast[talk.pinned_by])


def _reply(thread: Thread, number: int) -> Reply:
    return db.session.scalars(
        sa.select(Reply).where(Reply.thread_id == thread.id, Reply.number == number)
    ).one()


def _back_in_time(talk: DemoThread, thread: Thread) -> None:
    since, until = clock.now() - timedelta(days=talk.days), clock.now() - timedelta(days=talk.quiet)
    rows = db.session.scalars(
        sa.select(Reply).where(Reply.thread_id == thread.id).order_by(Reply.number)
    ).all()
    moments = [since, *past.spread(since, until, len(rows) - 1)]
    for reply, moment in zip(rows, moments, strict=True):
        written(reply, moment)
    thread.created_at, thread.last_at = since, moments[-1]
    lines = sa.update(Notification).where(Notification.scope == following.scope_of(thread.id))
    old = until < clock.now() - past.READ_AFTER
    db.session.execute(lines.values(created_at=moments[-1], read_at=until if old else None))


def written(reply: Reply, moment: datetime) -> None:
    """Date the reply to this moment, and its edits soon after."""
    reply.created_at = moment
    reply.edited_at = moment + SECOND_THOUGHTS if reply.edited_at else None
    for version in db.session.scalars(
        sa.select(ReplyVersion).where(ReplyVersion.reply_id == reply.id)
    ):
        version.created_at = moment if version.number == 1 else moment + SECOND_THOUGHTS


#: Upload limits that keep the demo from filling a disk.
ROOM = uploads.UploadAllowance(50_000_000, 50_000_000)


def create_keepsakes(cast: Cast, events: Events, chance: random.Random) -> None:
    """Add comments and files to events, dated to the last days."""
    for key, posts in TEXTS["event_comments"].items():
        talk_in(EventContainer(events[key]).begin(), events[key].owner, posts, cast)
    for key, files in TEXTS["event_files"].items():
        _keep(events[key], chance, **files)


def talk_in(thread: Thread, host: User, posts: list[dict[str, Any]], cast: Cast) -> None:
    """Add these replies to the thread over the last days; "host" stands for the host."""
    for one in texts.rows(ThreadReply, posts):
        by = host if one.by == "host" else cast[one.by]
        reply = replies.add(thread, by, one.before or one.words)
        if one.before:
            replies.edit(reply, by, 1, one.words)
        _react(reply, one.reactions, cast)
    past.fan_outs_run()
    since = clock.now() - timedelta(days=3)
    moments = past.spread(since, clock.now() - timedelta(hours=2), len(posts))
    rows = db.session.scalars(
        sa.select(Reply).where(Reply.thread_id == thread.id).order_by(Reply.number)
    ).all()
    for reply, moment in zip(rows, moments, strict=True):
        written(reply, moment)
    thread.created_at, thread.last_at = since, moments[-1]
    lines = sa.update(Notification).where(Notification.scope == following.scope_of(thread.id))
    db.session.execute(lines.values(created_at=moments[-1]))


def _keep(event: Event, chance: random.Random, shots: int, name: str, text: str) -> None:
    """Upload files by the host, and one by an attendee."""
    event.file_uploaders = BY_PEOPLE
    event.file_viewers = FOR_ALL if event.group is None else FOR_PEOPLE
    taken = [uploads.take(landscape(chance), f"IMG_{4100 + number}.png") for number in range(shots)]
    taken.append(uploads.take(text.encode(), name))
    uploads.add(event, event.owner, taken, ROOM)
    coming = (
        sa.select(User)
        .join(Rsvp, Rsvp.user_id == User.id)
        .where(Rsvp.event_id == event.id, Rsvp.state == GOING)
    )
    for person in db.session.scalars(coming.order_by(Rsvp.id).limit(1)).all():
        uploads.add(event, person, [uploads.take(landscape(chance), "table.png")], ROOM)
    rows = db.session.scalars(
        sa.select(EventFile).where(EventFile.event_id == event.id).order_by(EventFile.id)
    ).all()
    moments = past.spread(
        clock.now() - timedelta(days=2), clock.now() - timedelta(hours=1), len(rows)
    )
    captions = chain(TEXTS["captions"], repeat(""))
    for file, moment, caption in zip(rows, moments, captions, strict=False):
        file.created_at = moment
        if file.is_picture:
            file.caption, file.alt = caption, f"{caption}: hills, and a low sun." if caption else ""
    db.session.flush()
