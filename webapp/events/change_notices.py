"""Notify many people about an event: its group's members, or all who answered.

Ten thousand lines and letters are no part of the request that causes them. The row of `EventNews`
commits with the change; a job takes the people slice by slice, each slice in a transaction with the
place that it has come to (`core.jobs.batches`). Another time or place is told after a pause, so
that a second look at it goes with the first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import live
from ..core.db.session import POPULATE_EXISTING, locked, new_id
from ..core.extensions import db
from ..core.http.errors import Conflict
from ..core.jobs.batches import BATCH_SIZE, STALLED_AFTER
from ..core.jobs.queue import enqueue
from ..core.time import clock
from . import changes
from .models import Event, EventNews
from .models.change_notice import CHANGED, waits_as_change

JOB = "events.tell"
#: Before another time or place is told, hosts may look at it again; with further changes it waits
#: so long at most.
PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(minutes=10)


@dataclass(frozen=True)
class NewsKind:
    """How one kind of news is told: to whom (a statement of rows with this id), whether it still
    stands, and what is done.
    """

    who: Callable[[Event, EventNews], sa.Select[Any]]
    id: Any
    stands: Callable[[Event, EventNews], bool]
    tell: Callable[[Event, EventNews, Sequence[Any]], None]


#: kind -> how it is told; `news_kinds` fills it
NEWS_KINDS: dict[str, NewsKind] = {}


def ask(
    event: Event, kind: str, by: User | None = None, *, id: UUID | None = None, **values: Any
) -> EventNews:
    """Everyone whom it concerns is told once this transaction has committed, but for `by`; at
    `due_at`, where that is said.
    """
    now = clock.now()
    values = {"words": {}, "due_at": now, **values}
    news = EventNews(
        id=id or new_id(),
        event_id=event.id,
        kind=kind,
        by_id=by.id if by else None,
        created_at=now,
        **values,
    )
    news.told = 0
    news.total = count_of(event, news)
    db.session.add(news)
    db.session.flush()
    if news.due_at <= now:
        enqueue(JOB, str(news.id))
    changed(event)
    return news


def ask_of_change(event: Event, before: dict[str, Any], by: User) -> None:
    """Those who answered hear what changed since `before`, after the pause: once for all that is
    changed until then, and not at all when it is as it was again. The caller holds the event."""
    waiting = _waiting_change(event)
    due = clock.now() + PAUSE
    if waiting is None:
        ask(event, CHANGED, by, words={"before": before}, due_at=due)
        return
    waiting.due_at = min(waiting.created_at + LONGEST_PAUSE, due)
    if not changes.since(waiting.words["before"], event):
        _end(event, waiting)


def ask_again_of_change(event: Event, by: User) -> None:
    """A change that nobody was told of, because the event was cancelled first, is told after
    all.
    """
    latest = sa.select(EventNews).where(EventNews.event_id == event.id, EventNews.kind == CHANGED)
    missed = db.session.scalar(latest.order_by(EventNews.created_at.desc()).limit(1))
    if missed is not None and missed.begun_at is None and missed.ended_at is not None:
        before = missed.words["before"]
        if changes.since(before, event):
            ask_of_change(event, before, by)


def _waiting_change(event: Event) -> EventNews | None:
    wanted = (
        sa.select(EventNews)
        .where(EventNews.event_id == event.id, *waits_as_change())
        .with_for_update()
    )
    return db.session.scalar(wanted, execution_options=POPULATE_EXISTING)


def tell_now(event: Event, news: EventNews) -> None:
    """What waits is told at once, as what is being told already.

    Raises Conflict when it was taken back.
    """
    news = locked(EventNews, news.id)
    if news.begun_at is not None:
        return
    _refuse_ended(news)
    news.due_at = clock.now()
    enqueue(JOB, str(news.id))
    changed(event)


def take_back(event: Event, news: EventNews) -> None:
    """What waits is not told to anybody; taken back twice, once.

    Raises Conflict when it is being told already.
    """
    news = locked(EventNews, news.id)
    if news.begun_at is not None:
        raise Conflict(_("People are being told already."))
    if news.ended_at is None:
        _end(event, news)


def _refuse_ended(news: EventNews) -> None:
    if news.ended_at is not None:
        raise Conflict(_("It was taken back: nobody is told of it."))


def step(news_id: UUID) -> bool:
    """One slice more has been told; False when nobody is left, or it is not yet time.

    The caller commits.
    """
    news = db.session.get(EventNews, news_id, with_for_update=True, populate_existing=True)
    if news is None or news.ended_at is not None or news.due_at > clock.now():
        return False
    event, kind = news.event, NEWS_KINDS[news.kind]
    if not kind.stands(event, news):
        _end(event, news)
        return False
    rows = _next(event, news, kind)
    kind.tell(event, news, rows)
    news.begun_at = news.begun_at or clock.now()
    news.told += len(rows)
    if len(rows) < BATCH_SIZE:
        _end(event, news)
        return False
    news.after = rows[-1].id
    changed(event)
    return True


def _next(event: Event, news: EventNews, kind: NewsKind) -> Sequence[Any]:
    wanted = kind.who(event, news)
    if news.after is not None:
        wanted = wanted.where(kind.id > news.after)
    return db.session.scalars(wanted.order_by(kind.id).limit(BATCH_SIZE)).all()


def end(event: Event, *kinds: str) -> None:
    """Nobody hears this of the event any more who has not heard it yet.

    The caller holds the event.
    """
    running = sa.select(EventNews).where(
        EventNews.event_id == event.id, EventNews.kind.in_(kinds), EventNews.ended_at.is_(None)
    )
    for news in db.session.scalars(running.with_for_update(), execution_options=POPULATE_EXISTING):
        _end(event, news)


def _end(event: Event, news: EventNews) -> None:
    """It is over; `total` is what it came to."""
    news.ended_at, news.total = clock.now(), news.told
    changed(event)


def count_of(event: Event, news: EventNews) -> int:
    """How many it would be told to now."""
    wanted = NEWS_KINDS[news.kind].who(event, news)
    return db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0


def due(now: datetime) -> Sequence[UUID]:
    """What should be on its way: what has waited long enough, and what was begun and left
    behind, or is still at it.
    """
    fresh = sa.and_(EventNews.begun_at.is_(None), EventNews.due_at <= now)
    begun = EventNews.begun_at <= now - STALLED_AFTER
    wanted = sa.select(EventNews.id).where(EventNews.ended_at.is_(None), sa.or_(fresh, begun))
    return db.session.scalars(wanted.order_by(EventNews.due_at, EventNews.id)).all()


def changed(event: Event) -> None:
    """Open pages of hosts ask again how far it is."""
    db.session.flush()
    live.signal(f"event:{event.id}:news")


def is_shown(event: Event) -> bool:
    """Whether people find the event at all: neither put away, nor with its group, nor hidden by
    moderators.
    """
    group = event.group
    return (
        event.deleted_at is None
        and event.hidden_at is None
        and (group is None or group.deleted_at is None)
    )
