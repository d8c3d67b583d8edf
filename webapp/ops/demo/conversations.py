"""Threads: a pinned one, announcements, a locked one, and a long one."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ...accounts.models import User
from ...conversation import following, reactions, removals, threads
from ...conversation.models import OPENING, Reply, Thread
from ...core.extensions import db
from ...event_files import uploads
from ...event_files.models import BY_PEOPLE, FOR_ALL, FOR_PEOPLE
from ...events.comments import EventContainer
from ...events.models import GOING, Event, Rsvp
from ...groups import reads as group_reads
from . import texts, world
from .events import Events
from .groups import Groups
from .people import Cast
from .pictures import landscape

TEXTS = texts.load("threads")


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
    """Hold all conversations."""
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
    since, until = world.ago(days=talk.days), world.ago(days=talk.quiet)
    with world.at(since):
        thread = threads.start(
            groups[talk.group], cast[talk.by], talk.title, talk.words, talk.announces
        )
        opening = _reply(thread, OPENING)
    _say(thread, replied, since, until, cast, chance)
    _react(opening, talk.reactions, cast)
    with world.at(until):
        _moderate(talk, thread, cast)
        following.note_reply(thread, cast[talk.by], thread.last_number)


def _say(
    thread: Thread,
    replied: list[ThreadReply],
    since: datetime,
    until: datetime,
    cast: Cast,
    chance: random.Random,
) -> None:
    """Let people reply one after the other between the two moments, and react."""
    moments = world.spread(since, until, len(replied))
    for post, moment in zip(replied, moments, strict=True):
        with world.at(moment):
            pictures = {alt: landscape(chance) for alt in post.pictures}
            reply = world.reply(
                thread, cast[post.by], post.words, post.answers, post.before, pictures
            )
            _react(reply, post.reactions, cast)


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


def create_keepsakes(cast: Cast, events: Events, chance: random.Random) -> None:
    """Add comments and files to events, dated to the last days."""
    for key, posts in TEXTS["event_comments"].items():
        talk_in(EventContainer(events[key]), events[key].owner, posts, cast)
    for key, files in TEXTS["event_files"].items():
        _keep(events[key], chance, **files)


def talk_in(container: Any, host: User, posts: list[dict[str, Any]], cast: Cast) -> None:
    """Add these comments over the last days; "host" stands for the host."""
    since, until = world.ago(days=3), world.ago(hours=2)
    with world.at(since):
        thread = container.begin()
    replied = texts.rows(ThreadReply, posts)
    _say(thread, replied, since, until, {**cast, "host": host}, random.Random())


def _keep(event: Event, chance: random.Random, shots: int, name: str, text: str) -> None:
    """Upload files by the host, and one by an attendee."""
    uploads.set_access(event, event.owner, BY_PEOPLE, FOR_PEOPLE if event.group else FOR_ALL)
    taken = {f"IMG_{4100 + number}.png": landscape(chance) for number in range(shots)}
    coming = (
        sa.select(User)
        .join(Rsvp, Rsvp.user_id == User.id)
        .where(Rsvp.event_id == event.id, Rsvp.state == GOING)
    )
    attendee = db.session.scalars(coming.order_by(Rsvp.id).limit(1)).one()
    files = [
        *((event.owner, name, content) for name, content in taken.items()),
        (event.owner, name, text.encode()),
        (attendee, "table.png", landscape(chance)),
    ]
    captions = iter(TEXTS["captions"])
    moments = world.spread(world.ago(days=2), world.ago(hours=1), len(files))
    for (by, name, content), moment in zip(files, moments, strict=True):
        with world.at(moment):
            [file] = world.files(event, by, {name: content})
            caption = next(captions, "") if file.is_picture else ""
            uploads.describe(
                file, by, caption, f"{caption}: hills, and a low sun." if caption else ""
            )
