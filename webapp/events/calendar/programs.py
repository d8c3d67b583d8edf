"""Links that add an event to online calendars.

They contain what the page shows to everyone, never the link for joining online.
"""

from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from ...core.http import links
from ...core.text import markdown
from ...core.time import time_zones
from ..models import Event


class Program(NamedTuple):
    """An online calendar, and the link that opens a prefilled entry in it."""

    name: str
    url: str


class PrefilledEntry(NamedTuple):
    """The data of a prefilled entry."""

    slug: str
    title: str
    about: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    is_all_day: bool


def entry_of(event: Event) -> PrefilledEntry:
    """Return the event's entry; its text is short, because very long links are refused."""
    text = event.summary or markdown.plain(event.description, 300)
    about = "\n\n".join(part for part in (text, links.absolute(event.path)) if part)
    when = (event.starts_at, event.ends_at, event.zone, event.is_all_day)
    return PrefilledEntry(event.slug, event.title, about, event.venue, *when)


def programs_for(event: PrefilledEntry) -> list[Program]:
    """Return the common online calendars; all other apps take the file."""
    outlook = urlencode(_outlook(event))
    return [
        Program(
            "Google", f"https://calendar.google.com/calendar/render?{urlencode(_google(event))}"
        ),
        Program("Outlook.com", f"https://outlook.live.com/calendar/0/deeplink/compose?{outlook}"),
        Program("Office 365", f"https://outlook.office.com/calendar/0/deeplink/compose?{outlook}"),
        Program("Yahoo", f"https://calendar.yahoo.com/?{urlencode(_yahoo(event))}"),
    ]


def _google(event: PrefilledEntry) -> dict[str, Any]:
    if event.is_all_day:
        start, end = _ends(event, event.zone, "%Y%m%d")
    elif any(time_zones.in_zone(it, event.zone).fold for it in (event.starts_at, event.ends_at)):
        start, end = _ends(event, "UTC", "%Y%m%dT%H%M%SZ")  # of two doubled hours the second
    else:
        start, end = _ends(event, event.zone, "%Y%m%dT%H%M%S")
    query = {
        "action": "TEMPLATE",
        "text": event.title,
        "dates": f"{start}/{end}",
        "ctz": event.zone,
    }
    return {**query, "details": event.about, "location": event.venue}


def _outlook(event: PrefilledEntry) -> dict[str, Any]:
    start, end = (
        _ends(event, event.zone, "%Y-%m-%d")
        if event.is_all_day
        else _ends(event, "UTC", "%Y-%m-%dT%H:%M:%SZ")
    )
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.title,
        "startdt": start,
        "enddt": end,
    }
    return {
        **query,
        "allday": str(event.is_all_day).lower(),
        "body": event.about,
        "location": event.venue,
    }


def _yahoo(event: PrefilledEntry) -> dict[str, Any]:
    start, end = (
        _ends(event, event.zone, "%Y%m%d")
        if event.is_all_day
        else _ends(event, "UTC", "%Y%m%dT%H%M%SZ")
    )
    query = {
        "v": 60,
        "title": event.title,
        "st": start,
        "et": end,
        "desc": event.about,
        "in_loc": event.venue,
    }
    return {**query, "dur": "allday"} if event.is_all_day else query


def _ends(event: PrefilledEntry, zone: str, form: str) -> list[str]:
    return [
        time_zones.in_zone(moment, zone).strftime(form)
        for moment in (event.starts_at, event.ends_at)
    ]
