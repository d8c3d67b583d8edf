"""Notify many people about an event: its group's members, or all who answered.

A notice is an `EventNotice`, which commits with the change; its fan-out (`core.jobs`) notifies
people in batches. A new time or place waits for a pause, so that corrections go out with it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import live
from ..core.db.base import new_id
from ..core.db.session import POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.http.errors import Conflict
from ..core.jobs import fan_out
from ..core.jobs.fan_out import AUDIENCES, Audience, FanOut
from ..core.time import clock
from . import date_format
from .models import Event, EventNotice
from .models.change_notice import CHANGED, running, waiting

WHEN, WHERE, ONLINE = ("when", "where", "online")


def schedule_of(event: Event) -> dict[str, Any]:
    """Return when and where the event takes place, to compare later."""
    return {
        "starts": event.starts_at.isoformat(),
        "ends": event.ends_at.isoformat(),
        "zone": event.zone,
        "all_day": event.is_all_day,
        "venue": event.venue,
        "online": event.online_url,
    }


def changes_since(before: dict[str, Any], event: Event) -> set[str]:
    """Return which of WHEN, WHERE and ONLINE have changed; another zone alone doesn't count."""
    now = schedule_of(event)
    parts = {WHEN: ("starts", "ends", "all_day"), WHERE: ("venue",), ONLINE: ("online",)}
    return {
        part for part, names in parts.items() if any(before[name] != now[name] for name in names)
    }


def words_of(before: dict[str, Any], event: Event, zone: str) -> dict[str, Any]:
    """Return what the inbox line needs about the change, for someone in that zone."""
    changed = changes_since(before, event)
    words: dict[str, Any] = {"venue": event.venue if WHERE in changed else ""}
    if WHEN in changed:
        words |= hours_of(event, zone)
    return words | {"online": ONLINE in changed}


def hours_of(event: Event, zone: str) -> dict[str, Any]:
    """Return when the event takes place, in that zone; all-day events in their own."""
    return {
        "starts": event.starts_at.isoformat(),
        "ends": event.ends_at.isoformat(),
        "all_day": event.is_all_day,
        "zone": event.zone if event.is_all_day else zone,
    }


def in_words(before: dict[str, Any], event: Event) -> list[tuple[str, str, str]]:
    """Return (label, before, now) for each part that changed, in the event's zone."""
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


def span_of(starts: str, ends: str, zone: str, all_day: bool) -> date_format.TimeSpan:
    """Build a span from stored values."""
    return date_format.TimeSpan(
        datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone, all_day
    )


def _online(before: str, now: str) -> tuple[str, str]:
    if not before:
        return _("no link"), _("a link was added")
    return (_("old link"), _("new link")) if now else (_("link"), _("link removed"))


#: Pause before a new time or place is sent, for corrections; with further changes, the longest
#: pause.
PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(minutes=10)


def register(
    kind: str,
    who: Callable[[Event, EventNotice], sa.Select[Any]],
    id: Any,
    is_current: Callable[[Event, EventNotice], bool],
    tell: Callable[[Event, EventNotice, Sequence[Any]], None],
) -> None:
    """Register a kind of notice: its recipients `who` in the order of `id`, while it
    `is_current`.
    """
    AUDIENCES[f"event.{kind}"] = Audience(
        lambda notice_id: db.session.get(EventNotice, notice_id),
        lambda notice, _row: who(notice.event, notice),
        id,
        lambda notice, _row: is_current(notice.event, notice),
        lambda notice, _row, rows: tell(notice.event, notice, rows),
        _progressed,
    )


def _progressed(notice: EventNotice, row: FanOut) -> None:
    """Show hosts the progress; at the end, set `total` to the number of people reached."""
    if row.ended_at is not None:
        notice.total = row.done
    signal_progress(notice.event)


def send(
    event: Event,
    kind: str,
    by: User | None = None,
    *,
    id: UUID | None = None,
    due_at: datetime | None = None,
    **values: Any,
) -> EventNotice:
    """Notify everyone concerned, except `by`, once this transaction has committed, or at
    `due_at`.
    """
    notice = EventNotice(
        id=id or new_id(),
        event=event,
        kind=kind,
        by_id=by.id if by else None,
        created_at=clock.now(),
        **{"words": {}, **values},
    )
    notice.total = recipient_count(notice)
    db.session.add(notice)
    db.session.flush()
    fan_out.start(f"event.{kind}", notice.id, due_at=due_at)
    signal_progress(event)
    return notice


def send_change(event: Event, before: dict[str, Any], by: User) -> None:
    """Notify people who answered of what changed since `before`, after the pause.

    One notice covers all changes until then; none is sent if the change was reverted. The caller
    has locked the event.
    """
    held = hold_waiting(event, CHANGED)
    if not held:
        send(event, CHANGED, by, words={"before": before}, due_at=clock.now() + PAUSE)
    for notice, row in held:
        postpone(row)
        if not changes_since(notice.words["before"], event):
            fan_out.stop(notice, row)


def postpone(row: FanOut) -> None:
    """Delay the notice by another pause because of a further change, up to LONGEST_PAUSE."""
    row.due_at = min(row.created_at + LONGEST_PAUSE, clock.now() + PAUSE)


def send_change_again(event: Event, by: User) -> None:
    """Send the notice of a change that was stopped by the cancellation."""
    latest = sa.select(EventNotice).where(
        EventNotice.event_id == event.id, EventNotice.kind == CHANGED
    )
    missed = db.session.scalar(latest.order_by(EventNotice.created_at.desc()).limit(1))
    row = missed.fan_out if missed is not None else None
    if missed is not None and row is not None and row.begun_at is None and row.ended_at is not None:
        before = missed.words["before"]
        if changes_since(before, event):
            send_change(event, before, by)


def hold_waiting(event: Event, kind: str) -> list[tuple[EventNotice, FanOut]]:
    """Return the unsent notices of this kind, with their fan-outs locked."""
    return _held(waiting(event, kind))


def _held(query: sa.Select[Any]) -> list[tuple[EventNotice, FanOut]]:
    """Lock only the fan-out, as the job does, so that the two can't deadlock."""
    found = db.session.scalars(
        query.with_for_update(of=FanOut), execution_options=POPULATE_EXISTING
    )
    return [(notice, notice.fan_out) for notice in found if notice.fan_out is not None]


def send_now(event: Event, notice: EventNotice) -> None:
    """Send a waiting notice now; do nothing if sending has begun.

    Raises Conflict if it was withdrawn.
    """
    row = _fan_out(notice)
    if row.begun_at is not None:
        return
    if row.ended_at is not None:
        raise Conflict(_("Withdrawn. We won’t tell anyone about it."))
    row.due_at = clock.now()
    fan_out.enqueue_run(row)
    signal_progress(event)


def withdraw(event: Event, notice: EventNotice) -> None:
    """Withdraw a waiting notice. Calling it twice is harmless.

    Raises Conflict if sending has begun.
    """
    row = _fan_out(notice)
    if row.begun_at is not None:
        raise Conflict(_("We’re already sending the messages."))
    if row.ended_at is None:
        fan_out.stop(notice, row)


def _fan_out(notice: EventNotice) -> FanOut:
    """Lock and return the fan-out. Raises Conflict if it no longer exists."""
    if notice.fan_out is None:
        raise Conflict(_("We’re already sending the messages."))
    return locked(FanOut, notice.fan_out.id)


def stop(event: Event, *kinds: str) -> None:
    """Stop sending notices of these kinds.

    The caller has locked the event.
    """
    for notice, row in _held(running(event, *kinds)):
        fan_out.stop(notice, row)


def recipient_count(notice: EventNotice) -> int:
    """Return how many people would be notified now."""
    return fan_out.count_of(notice, FanOut(kind=f"event.{notice.kind}"))


def signal_progress(event: Event) -> None:
    """Let hosts' open pages reload the progress."""
    db.session.flush()
    live.signal(f"event:{event.id}:notices")


def is_shown(event: Event) -> bool:
    """Whether people can find the event: neither it nor its group is deleted, and it isn't
    hidden.
    """
    group = event.group
    return (
        event.deleted_at is None
        and event.hidden_at is None
        and (group is None or group.deleted_at is None)
    )
