"""One event in a calendar.

The text depends on the entry alone, so it is cached for everyone who gets the same.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from ...core.http import links
from ...core.time import time_zones
from ..models import ASKED, CANCELLED, DRAFT, GOING, MAYBE, OFFERED, WAITING, path_of

if TYPE_CHECKING:
    from icalendar import Event as Component

#: The columns of an event that `entry_of` reads; a change in them makes another entry.
COLUMNS = (
    "id",
    "slug",
    "title",
    "summary",
    "venue",
    "zone",
    "starts_at",
    "ends_at",
    "is_all_day",
    "state",
    "version",
    "changed_at",
    "published_at",
    "created_at",
    "cancelled_reason",
)
#: Answer -> status of the entry in that person's calendar.
STATUS = {
    GOING: "CONFIRMED",
    MAYBE: "TENTATIVE",
    WAITING: "TENTATIVE",
    OFFERED: "TENTATIVE",
    ASKED: "TENTATIVE",
}


class CalendarEntry(NamedTuple):
    """An event as a calendar entry: `uid` never changes, `sequence` grows, and `changed_at` is when
    this version began.
    """

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    zone: str
    is_all_day: bool
    title: str
    status: str
    url: str = ""
    description: str = ""
    venue: str = ""
    organizer: tuple[str, str] | None = None
    stamped_at: datetime | None = None


def entry_of(
    event: Any, status: str, about: tuple[str, ...] = (), is_whole: bool = True, turns: int = 0
) -> CalendarEntry:
    """Return the entry of an event, or of a row with its columns.

    If not `is_whole`, it has only the title and the time. `turns`: the `calendar_turns` of the
    reader's answer, because apps restore a removed entry only with a higher SEQUENCE.
    """
    site = links.absolute("")
    url = f"{site}{path_of(event.slug)}"
    details = {
        "url": url,
        "description": "\n\n".join(part for part in (*about, url) if part),
        "venue": event.venue,
    }
    return CalendarEntry(
        uid=f"{event.id}@{host_of(site)}",
        sequence=event.version + turns,
        changed_at=event.changed_at or event.published_at or event.created_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        is_all_day=event.is_all_day,
        title=event.title,
        status=status,
        organizer=links.sender(),  # the site: a host's own address isn't disclosed
        **(details if is_whole else {}),
    )


@lru_cache
def host_of(site: str) -> str:
    """Return the host name of the site, which ends each `uid`."""
    return urlsplit(site).hostname or ""


def status_of(event: Any, answer: str | None) -> str:
    """Return the entry's status for someone with this answer, or the event's own without one."""
    if event.state == CANCELLED:
        return "CANCELLED"
    if answer is None:
        return "TENTATIVE" if event.state == DRAFT else "CONFIRMED"
    return STATUS.get(answer, "CANCELLED")


@lru_cache(maxsize=2048)
def written(entry: CalendarEntry) -> bytes:
    """Return the entry as text of a calendar file."""
    from icalendar import Event as Component  # heavy import, so only where a file is written

    component = Component()
    component.add("uid", entry.uid)
    component.add("sequence", entry.sequence)
    component.add("dtstamp", entry.stamped_at or entry.changed_at)
    component.add("last-modified", entry.changed_at)
    _add_ends(component, entry)
    component.add("summary", entry.title)
    component.add("status", entry.status)
    if entry.organizer is not None:
        _add_organizer(component, *entry.organizer)
    for name, text in (
        ("url", entry.url),
        ("description", entry.description),
        ("location", entry.venue),
    ):
        if text:
            component.add(name, text)
    return component.to_ical()


def _add_ends(component: "Component", entry: CalendarEntry) -> None:
    """Add start and end: dates for all-day events, where the end is exclusive; else local times."""
    for name, moment in (("dtstart", entry.starts_at), ("dtend", entry.ends_at)):
        local = time_zones.in_zone(moment, entry.zone)
        if entry.is_all_day:
            component.add(name, local.date())
        else:
            component.add(
                name, moment.astimezone(UTC) if local.fold else local
            )  # in a zone, a repeated hour means the first of the two
    component.add("transp", "TRANSPARENT" if entry.is_all_day else "OPAQUE")


def _add_organizer(component: "Component", name: str, address: str) -> None:
    from icalendar import vCalAddress, vText

    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText(name)
    component.add("organizer", organizer)
