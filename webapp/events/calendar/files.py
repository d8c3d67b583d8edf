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
#: How often a program may look again.
LOOKS_EVERY = timedelta(hours=1)
#: The last line of a file: a name in it may hold the same words.
_END = b"END:VCALENDAR\r\n"


def file_for(
    event: Event, state: str | None, online_url: str = "", whole: bool = True, turns: int = 0
) -> bytes:
    """The event as a file for someone whose answer is `state`, None where they gave none.

    `online_url` only for those who may have it; not `whole`, it names the event and its time alone.
    What is cancelled, for all or for them, is taken out of the calendar that has it. `turns`: the
    `calendar_turns` of their answer.
    """
    entry = entry_of(
        event,
        status_of(event, state),
        (markdown.plain(event.description, 1000), online_url),
        whole,
        turns,
    )
    entry = entry._replace(stamped_at=clock.now())  # of two files the later counts
    return calendar_of([entry], method=_method(entry.status))


def attachment_for(
    event: Event, state: str | None, online_url: str = "", whole: bool = True, turns: int = 0
) -> tuple[str, str, bytes]:
    """The same for an email: its name, its type, which says whether it puts something in or
    takes it out, and the file.
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
    """A calendar that programs read again and again, out of the rows of `reads.feeds`, and
    entries of sessions.
    """
    words = {
        MAYBE: _("You answered “Maybe”."),
        WAITING: _("You’re on the waiting list."),
        OFFERED: _("We’re holding a seat for you."),
    }
    entries = [
        entry_of(row, _status(row), (_status_in_words(row, words), row.summary, row.room))
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
    """Who does not come, and has the event in their feed, hosts it or belongs to its group."""
    return status_of(row, row.answer if row.answer in (MAYBE, WAITING, OFFERED) else None)


def _status_in_words(row: Any, words: Mapping[str, str]) -> str:
    """What someone should know who sees the event in their calendar alone."""
    return str(row.cancelled_reason) if row.state == CANCELLED else words.get(row.answer, "")


def calendar_of(entries: Sequence[CalendarEntry], **properties: Any) -> bytes:
    """A whole calendar file."""
    from icalendar import Calendar, vText  # heavy: only where someone takes a file with them

    calendar = Calendar()
    for name, value in {
        "prodid": "-//Folkmoot//Events//EN",
        "version": "2.0",
        "calscale": "GREGORIAN",
        **properties,
    }.items():
        # of these two icalendar does not know that they are text
        written_so = vText(value) if name in ("name", "x-wr-calname") else value
        calendar.add(name, written_so, {"value": "DURATION"} if name == "refresh-interval" else {})
    head = calendar.to_ical().removesuffix(_END)
    return b"".join((head, *zones.written(entries), *(written(entry) for entry in entries), _END))
