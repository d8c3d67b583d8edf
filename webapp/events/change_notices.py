"""Notify many people about an event: its group's members, or all who answered.

What they are told is an `EventNews`, which commits with the change; its fan-out (`core.jobs`) takes
the people slice by slice. Another time or place is told after a pause, so that a second look at it
goes with the first.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import live
from ..core.db.session import POPULATE_EXISTING, locked, new_id
from ..core.extensions import db
from ..core.http.errors import Conflict
from ..core.jobs import fan_out
from ..core.jobs.fan_out import AUDIENCES, Audience, FanOut
from ..core.time import clock
from . import date_format
from .models import Event, EventNews
from .models.change_notice import CHANGED, running, waiting

WHEN, WHERE, ONLINE = ("when", "where", "online")


class Span(NamedTuple):
    """What `when` asks of an event."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    is_all_day: bool


def schedule_of(event: Event) -> dict[str, Any]:
    """When and where it takes place, to be compared with later."""
    return {
        "starts": event.starts_at.isoformat(),
        "ends": event.ends_at.isoformat(),
        "zone": event.zone,
        "all_day": event.is_all_day,
        "venue": event.venue,
        "online": event.online_url,
    }


def changes_since(before: dict[str, Any], event: Event) -> set[str]:
    """Which of WHEN, WHERE and ONLINE are not as they were; another zone alone moves nothing."""
    now = schedule_of(event)
    parts = {WHEN: ("starts", "ends", "all_day"), WHERE: ("venue",), ONLINE: ("online",)}
    return {
        part for part, names in parts.items() if any(before[name] != now[name] for name in names)
    }


def words_of(before: dict[str, Any], event: Event, zone: str) -> dict[str, Any]:
    """What the inbox names of the change, for someone in that zone."""
    changed = changes_since(before, event)
    words: dict[str, Any] = {"venue": event.venue if WHERE in changed else ""}
    if WHEN in changed:
        words |= hours_of(event, zone)
    return words | {"online": ONLINE in changed}


def hours_of(event: Event, zone: str) -> dict[str, Any]:
    """When it takes place, by the clocks of that zone; whole days are those of its place."""
    return {
        "starts": event.starts_at.isoformat(),
        "ends": event.ends_at.isoformat(),
        "all_day": event.is_all_day,
        "zone": event.zone if event.is_all_day else zone,
    }


def in_words(before: dict[str, Any], event: Event) -> list[tuple[str, str, str]]:
    """Each part that changed, how it was and how it is, by the clocks of the place."""
    changed, lines = changes_since(before, event), []
    if WHEN in changed:
        then = span_of(before["starts"], before["ends"], before["zone"], before["all_day"])
        lines.append((_("When"), date_format.both_ends(then), date_format.both_ends(event)))
    if WHERE in changed:
        nowhere = _("no place yet")
        lines.append((_("Where"), before["venue"] or nowhere, event.venue or nowhere))
    if ONLINE in changed:
        lines.append((_("Online"), *_online(before["online"], event.online_url)))
    return lines


def span_of(starts: str, ends: str, zone: str, all_day: bool) -> Span:
    """The same, as it was kept."""
    return Span(datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone, all_day)


def _online(before: str, now: str) -> tuple[str, str]:
    if not before:
        return _("no link"), _("a link was added")
    return (_("old link"), _("new link")) if now else (_("link"), _("link removed"))


#: Before another time or place is told, hosts may look at it again; with further changes it waits
#: so long at most.
PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(minutes=10)


def register(
    kind: str,
    who: Callable[[Event, EventNews], sa.Select[Any]],
    id: Any,
    is_current: Callable[[Event, EventNews], bool],
    tell: Callable[[Event, EventNews, Sequence[Any]], None],
) -> None:
    """News of this kind are told to `who`, in the order of `id`, while it `is_current`."""
    AUDIENCES[f"event.{kind}"] = Audience(
        lambda news_id: db.session.get(EventNews, news_id),
        lambda news, _row: who(news.event, news),
        id,
        lambda news, _row: is_current(news.event, news),
        lambda news, _row, rows: tell(news.event, news, rows),
        _progressed,
    )


def _progressed(news: EventNews, row: FanOut) -> None:
    """Hosts see how far it is; in the end `total` is what it came to."""
    if row.ended_at is not None:
        news.total = row.done
    changed(news.event)


def ask(
    event: Event,
    kind: str,
    by: User | None = None,
    *,
    id: UUID | None = None,
    due_at: datetime | None = None,
    **values: Any,
) -> EventNews:
    """Everyone whom it concerns is told once this transaction has committed, but for `by`; at
    `due_at`, where that is said.
    """
    news = EventNews(
        id=id or new_id(),
        event=event,
        kind=kind,
        by_id=by.id if by else None,
        created_at=clock.now(),
        **{"words": {}, **values},
    )
    news.total = recipient_count(news)
    db.session.add(news)
    db.session.flush()
    fan_out.ask(f"event.{kind}", news.id, due_at=due_at)
    changed(event)
    return news


def ask_of_change(event: Event, before: dict[str, Any], by: User) -> None:
    """Those who answered hear what changed since `before`, after the pause: once for all that is
    changed until then, and not at all when it is as it was again. The caller holds the event."""
    held = hold_waiting(event, CHANGED)
    if not held:
        ask(event, CHANGED, by, words={"before": before}, due_at=clock.now() + PAUSE)
    for news, row in held:
        postpone(row)
        if not changes_since(news.words["before"], event):
            fan_out.stop(news, row)


def postpone(row: FanOut) -> None:
    """It waits for another pause, since one goes on changing, but not for ever."""
    row.due_at = min(row.created_at + LONGEST_PAUSE, clock.now() + PAUSE)


def ask_again_of_change(event: Event, by: User) -> None:
    """A change that nobody was told of, because the event was cancelled first, is told after
    all.
    """
    latest = sa.select(EventNews).where(EventNews.event_id == event.id, EventNews.kind == CHANGED)
    missed = db.session.scalar(latest.order_by(EventNews.created_at.desc()).limit(1))
    row = missed.fan_out if missed is not None else None
    if missed is not None and row is not None and row.begun_at is None and row.ended_at is not None:
        before = missed.words["before"]
        if changes_since(before, event):
            ask_of_change(event, before, by)


def hold_waiting(event: Event, kind: str) -> list[tuple[EventNews, FanOut]]:
    """The news of this kind of which nobody has been told yet, whose fan-outs are held."""
    return _held(waiting(event, kind))


def _held(wanted: sa.Select[Any]) -> list[tuple[EventNews, FanOut]]:
    """As the job holds it, the fan-out alone is locked: the two never wait for each other."""
    found = db.session.scalars(
        wanted.with_for_update(of=FanOut), execution_options=POPULATE_EXISTING
    )
    return [(news, news.fan_out) for news in found if news.fan_out is not None]


def send_now(event: Event, news: EventNews) -> None:
    """What waits is told at once, as what is being told already.

    Raises Conflict when it was taken back.
    """
    row = _fan_out(news)
    if row.begun_at is not None:
        return
    if row.ended_at is not None:
        raise Conflict(_("Withdrawn. We won’t tell anyone about it."))
    row.due_at = clock.now()
    fan_out.enqueue_run(row)
    changed(event)


def withdraw(event: Event, news: EventNews) -> None:
    """What waits is not told to anybody; taken back twice, once.

    Raises Conflict when it is being told already.
    """
    row = _fan_out(news)
    if row.begun_at is not None:
        raise Conflict(_("We’re already sending the messages."))
    if row.ended_at is None:
        fan_out.stop(news, row)


def _fan_out(news: EventNews) -> FanOut:
    """The fan-out, held. Raises Conflict when it was long ago."""
    if news.fan_out is None:
        raise Conflict(_("We’re already sending the messages."))
    return locked(FanOut, news.fan_out.id)


def stop(event: Event, *kinds: str) -> None:
    """Nobody hears this of the event any more who has not heard it yet.

    The caller holds the event.
    """
    for news, row in _held(running(event, *kinds)):
        fan_out.stop(news, row)


def recipient_count(news: EventNews) -> int:
    """How many it would be told to now."""
    return fan_out.count_of(news, FanOut(kind=f"event.{news.kind}"))


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
