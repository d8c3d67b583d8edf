"""Whole calendars: a file with one event, and a feed of many."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from ...core.text import markdown
from ...core.time import clock
from ..models import CANCELLED, MAYBE, OFFERED, WAITING, Event
from . import zones
from .entries import CalendarEntry, entry_of, status_of, written

NAME, KIND = "event.ics", "text/calendar"
#: How often an app may reload a feed.
LOOKS_EVERY = timedelta(hours=1)
#: The last line of a file. Only the suffix is removed: a title may contain the same text.
_END = b"END:VCALENDAR\r\n"


def file_for(
    event: Event, state: str | None, online_url: str = "", whole: bool = True, turns: int = 0
) -> bytes:
    """Return the event as a file for someone whose answer is `state`; None if they gave none.

    Pass `online_url` only for people who may have it. If not `whole`, the file has only title and
    time. For cancelled events or answers, it removes the entry from the calendar. `turns`: the
    `calendar_turns` of their answer.
    """
    entry = entry_of(
        event,
        status_of(event, state),
        (markdown.plain(event.description, 1000), online_url),
        whole,
        turns,
    )
    entry = entry._replace(stamped_at=clock.now())  # of two files the later one counts
    return calendar_of([entry], method=_method(entry.status))


def attachment_for(
    event: Event, state: str | None, online_url: str = "", whole: bool = True, turns: int = 0
) -> tuple[str, str, bytes]:
    """Return (name, type, content) for an email; the type says whether to add or remove the
    entry.
    """
    method = _method(status_of(event, state))
    return (
        NAME,
        f'{KIND}; charset="utf-8"; method={method}',
        file_for(event, state, online_url, whole, turns),
    )


def _method(status: str) -> str:
    return "CANCEL" if status == "CANCELLED" else "PUBLISH"


def feed(name: str, rows: Iterable[Any], sessions: Iterable[CalendarEntry] = ()) -> bytes:
    """Return a calendar that apps reload, from rows of `reads.feeds` and entries of sessions."""
    labels = {
        MAYBE: _("You answered “Maybe”."),
        WAITING: _("You’re on the waiting list."),
        OFFERED: _("We’re holding a seat for you."),
    }
    entries = [
        entry_of(row, _status(row), (_status_in_words(row, labels), row.summary, row.room))
        for row in rows
    ]
    more = {
        "name": name,
        "x-wr-calname": name,
        "refresh-interval": LOOKS_EVERY,
        "x-published-ttl": "PT1H",
    }
    return calendar_of([*entries, *sessions], method="PUBLISH", **more)


def _status(row: Any) -> str:
    """Someone not going still has the event in their feed if they host it or belong to its
    group.
    """
    return status_of(row, row.answer if row.answer in (MAYBE, WAITING, OFFERED) else None)


def _status_in_words(row: Any, labels: Mapping[str, str]) -> str:
    """Return what someone should know who sees the event only in their calendar."""
    return str(row.cancelled_reason) if row.state == CANCELLED else labels.get(row.answer, "")


def calendar_of(entries: Sequence[CalendarEntry], **properties: Any) -> bytes:
    """Return a whole calendar file."""
    from icalendar import Calendar, vText  # heavy import, so only where a file is written

    calendar = Calendar()
    for name, value in {
        "prodid": "-//Folkmoot//Events//EN",
        "version": "2.0",
        "calscale": "GREGORIAN",
        **properties,
    }.items():
        # icalendar doesn't know that these two are text
        written_so = vText(value) if name in ("name", "x-wr-calname") else value
        calendar.add(name, written_so, {"value": "DURATION"} if name == "refresh-interval" else {})
    head = calendar.to_ical().removesuffix(_END)
    return b"".join((head, *zones.written(entries), *(written(entry) for entry in entries), _END))
