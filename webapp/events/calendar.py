"""An event as a file for calendars (RFC 5545)."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..core import clock, links, markdown, times
from .models import ASKED, CANCELLED, GOING, MAYBE, OFFERED, WAITING, Event

if TYPE_CHECKING:
    from icalendar import Event as Entry

#: How sure it is for the person whose calendar it is.
STATUS = {GOING: "CONFIRMED", MAYBE: "TENTATIVE", WAITING: "TENTATIVE", OFFERED: "TENTATIVE", ASKED: "TENTATIVE"}
NAME, KIND = "event.ics", "text/calendar"


def file_for(event: Event, state: str, online_url: str = "", whole: bool = True) -> bytes:
    """The event as an .ics file for someone whose answer is `state`: one UID for ever, a SEQUENCE that grows.

    `online_url` only for those who may have it; not `whole`, it names the event and its time alone.
    """
    from icalendar import Calendar, Timezone  # heavy: only where somebody takes a file with them

    calendar = Calendar()
    calendar.add("prodid", "-//Folkmoot//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("calscale", "GREGORIAN")
    if event.zone != "UTC":
        first = event.starts_at.date().replace(month=1, day=1)
        calendar.add_component(Timezone.from_tzid(event.zone, first_date=first, last_date=first.replace(year=first.year + 2)))
    calendar.add_component(_entry(event, state, online_url, whole))
    return calendar.to_ical()


def _entry(event: Event, state: str, online_url: str, whole: bool) -> "Entry":
    from icalendar import Event as Entry

    entry = Entry()
    host = urlsplit(links.absolute(event.path)).hostname
    entry.add("uid", f"{event.id}@{host}")
    entry.add("sequence", event.version)
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", times.in_zone(event.starts_at, event.zone))
    entry.add("dtend", times.in_zone(event.ends_at, event.zone))
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if event.state == CANCELLED else STATUS.get(state, "CANCELLED"))
    if not whole:
        return entry
    entry.add("url", links.absolute(event.path))
    about = (markdown.plain(event.description, 1000), links.absolute(event.path), online_url)
    entry.add("description", "\n\n".join(part for part in about if part))
    if event.place:
        entry.add("location", event.place)
    return entry
