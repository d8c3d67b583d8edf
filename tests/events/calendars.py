"""Calendar files read back: by the library that wrote them, and by one that shares no code with
it.
"""

from datetime import date, datetime

import icalendar
from ical.calendar_stream import IcsCalendarStream

#: A name that no program knows: it has to go by what the file says of the zone.
UNKNOWN = "X-House"


def entries(data: bytes) -> list[icalendar.Event]:
    """The events as icalendar reads them, which finds nothing wrong with the file."""
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.errors
    return calendar.walk("VEVENT")


def entry(data: bytes) -> icalendar.Event:
    """The only event."""
    (found,) = entries(data)
    return found


def second(data: bytes):
    """The calendar as the other reader has it."""
    return IcsCalendarStream.calendar_from_ics(data.decode())


def ends_by_the_files_own_zone(data: bytes, zone: str) -> tuple[date | datetime, date | datetime]:
    """Both ends of the only event, for a program that knows nothing of this zone but what the
    file says.
    """
    (event,) = second(data.replace(zone.encode(), UNKNOWN.encode())).events
    return event.dtstart, event.dtend


def lines(data: bytes) -> list[str]:
    """The file's lines as they are sent; each ends as RFC 5545 says, and none is longer than its
    75 bytes.
    """
    assert data.endswith(b"\r\n")
    sent = data.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in sent)
    assert max(map(len, sent)) <= 75
    return [line.decode() for line in sent]
