"""Parse calendar files: with the library that wrote them, and with one that shares no code with
it.
"""

from datetime import date, datetime

import icalendar
from ical.calendar_stream import IcsCalendarStream

#: A zone name that no program knows, so that it has to use the zone's description in the file.
UNKNOWN = "X-House"


def entries(data: bytes) -> list[icalendar.Event]:
    """Return the events as icalendar parses them, without any errors."""
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.errors
    return calendar.walk("VEVENT")


def entry(data: bytes) -> icalendar.Event:
    """Return the only event."""
    (found,) = entries(data)
    return found


def second(data: bytes):
    """Return the calendar as the other library parses it."""
    return IcsCalendarStream.calendar_from_ics(data.decode())


def ends_by_the_files_own_zone(data: bytes, zone: str) -> tuple[date | datetime, date | datetime]:
    """Return start and end of the only event for a program that knows this zone only from the
    file.
    """
    (event,) = second(data.replace(zone.encode(), UNKNOWN.encode())).events
    return event.dtstart, event.dtend


def lines(data: bytes) -> list[str]:
    """Return the file's lines. Each must end as RFC 5545 says, and have at most 75 bytes."""
    assert data.endswith(b"\r\n")
    sent = data.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in sent)
    assert max(map(len, sent)) <= 75
    return [line.decode() for line in sent]
