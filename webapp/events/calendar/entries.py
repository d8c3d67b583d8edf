"""One event in a calendar.

What is written depends on the entry alone, so that it is written once for all who get the same.
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

#: The columns of an event that `entry_of` reads, and that make another entry when they change.
COLUMNS = (
    *(
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
    ),
    *("version", "changed_at", "published_at", "created_at", "cancelled_reason"),
)
#: How sure it is for the person whose calendar it is.
STATUS = {
    GOING: "CONFIRMED",
    MAYBE: "TENTATIVE",
    WAITING: "TENTATIVE",
    OFFERED: "TENTATIVE",
    ASKED: "TENTATIVE",
}


class CalendarEntry(NamedTuple):
    """An event as one calendar has it: one `uid` for ever, a `sequence` that grows, `changed_at`
    for as long as it stays so.
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
    """The entry of an event, or of a row with its columns; not whole, it names the event and its
    time alone.

    `turns`: the `calendar_turns` of the reader's answer; programs take back what they took out for
    a higher SEQUENCE only.
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
        organizer=links.sender(),  # the site: no host's own address is given away
        **(details if is_whole else {}),
    )


@lru_cache
def host_of(site: str) -> str:
    """The name of the site's machine, which ends each `uid`."""
    return urlsplit(site).hostname or ""


def status_of(event: Any, answer: str | None) -> str:
    """How sure the event is for someone with this answer; without one, how sure it is by itself."""
    if event.state == CANCELLED:
        return "CANCELLED"
    if answer is None:
        return "TENTATIVE" if event.state == DRAFT else "CONFIRMED"
    return STATUS.get(answer, "CANCELLED")


@lru_cache(maxsize=2048)
def written(entry: CalendarEntry) -> bytes:
    """The entry as it is in a file."""
    from icalendar import Event as Component  # heavy: only where someone takes a file with them

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
    """Days as days, the end being the first that is over; hours by the clocks of the place."""
    for name, moment in (("dtstart", entry.starts_at), ("dtend", entry.ends_at)):
        local = time_zones.in_zone(moment, entry.zone)
        if entry.is_all_day:
            component.add(name, local.date())
        else:
            component.add(
                name, moment.astimezone(UTC) if local.fold else local
            )  # of two equal hours a zone names the first
    component.add("transp", "TRANSPARENT" if entry.is_all_day else "OPAQUE")


def _add_organizer(component: "Component", name: str, address: str) -> None:
    from icalendar import vCalAddress, vText

    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText(name)
    component.add("organizer", organizer)
