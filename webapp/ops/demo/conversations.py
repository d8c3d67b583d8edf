"""Threads: a pinned one, announcements, one that is locked, one that went on and on."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from ...conversation import following, removals, replies, telling, threads
from ...conversation.models import Reply, ReplyVersion, Telling, Thread
from ...core import clock
from ...core.extensions import db
from ...groups import reads as group_reads
from ...notifications.models import Notification
from . import past
from .communities import Groups
from .people import Cast
from .talk import SLUGS, TALKS, Said, Talk

LONG = "What did the slugs eat this time?"
#: So soon after it was written a changed reply was changed.
SECOND_THOUGHTS = timedelta(minutes=25)


def create(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """Everything has been said, everyone was told, and it was a while ago."""
    for talk in TALKS:
        if talk.title == LONG:
            talk = replace(talk, replies=_long(cast, groups, talk, chance))
        _hold(talk, cast, groups)


def _long(cast: Cast, groups: Groups, talk: Talk, chance: random.Random) -> tuple[Said, ...]:
    """Never the same person twice in a row; now and then somebody answers what was said a little
    before.
    """
    people = [person.name for person in group_reads.members(groups[talk.group])]
    said: list[Said] = []
    for number, words in enumerate(SLUGS, 1):
        last = said[-1].by if said else talk.by
        by = chance.choice([name for name in people if name != last])
        answers = number - chance.randrange(1, 4) if number > 4 and chance.random() < 0.2 else None
        said.append(Said(by, words, answers))
    return tuple(said)


def _hold(talk: Talk, cast: Cast, groups: Groups) -> None:
    thread = threads.start(
        groups[talk.group], cast[talk.by], talk.title, talk.words, talk.announces
    )
    for said in talk.replies:
        reply = replies.add(thread, cast[said.by], said.before or said.words, said.answers)
        if said.before:
            replies.edit(reply, cast[said.by], 1, said.words)
    tell_all()
    _moderate(talk, thread, cast)
    _back_in_time(talk, thread)
    for person in cast.values():
        if person.name == talk.by:
            following.took_part(thread, person, thread.last_number)


def tell_all() -> None:
    """What the job does, within this transaction."""
    for telling_id in db.session.scalars(sa.select(Telling.id)).all():
        while telling.step(telling_id):
            pass
    db.session.flush()


def _moderate(talk: Talk, thread: Thread, cast: Cast) -> None:
    for number, by, reason in talk.removed:
        removals.remove(_reply(thread, number), cast[by], reason)
    for number in talk.taken_back:
        reply = _reply(thread, number)
        removals.take_back(reply, by=reply.author)
    if talk.locked_by:
        threads.lock(thread, cast[talk.locked_by])
    if talk.pinned_by:
        threads.pin(thread, cast[talk.pinned_by])


def _reply(thread: Thread, number: int) -> Reply:
    return db.session.scalars(
        sa.select(Reply).where(Reply.thread_id == thread.id, Reply.number == number)
    ).one()


def _back_in_time(talk: Talk, thread: Thread) -> None:
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
    """It was said at this moment; second thoughts came soon after."""
    reply.created_at = moment
    reply.edited_at = moment + SECOND_THOUGHTS if reply.edited_at else None
    for version in db.session.scalars(
        sa.select(ReplyVersion).where(ReplyVersion.reply_id == reply.id)
    ):
        version.created_at = moment if version.number == 1 else moment + SECOND_THOUGHTS
