"""What other sites show of an event: the preview of a link to it, and schema.org data for search
engines.

Only what every reader of the page sees: never the link for joining online, never attendees.
"""

from typing import Any, NamedTuple

from ..core.http import links
from ..core.storage import pictures
from ..core.text import markdown
from ..groups.models import OPEN
from . import access, date_format
from .models import CANCELLED, EVERYONE, LINK, Event

_SCHEMA = "https://schema.org/"
#: Zero is the same in every currency, and the site has no currency: no `priceCurrency`.
_FREE = {"@type": "Offer", "price": 0}


class ShareCard(NamedTuple):
    """The preview of a link to the event; `image`: "" without a public picture."""

    title: str
    words: str
    url: str
    image: str


def card(event: Event) -> ShareCard:
    """Return the preview: title, a sentence, and the event's or its group's picture."""
    parts = (date_format.whole(event), event.venue, about_in_words(event))
    return ShareCard(
        event.title,
        " · ".join(part for part in parts if part),
        links.absolute(event.path),
        image_of(event),
    )


def about_in_words(event: Event) -> str:
    """Return what the event is about, without markup; "" if hosts wrote nothing."""
    return event.summary or markdown.plain(event.description)


def image_of(event: Event) -> str:
    """Return the absolute URL of the preview's picture; "" if visitors can't load one."""
    if not may_be_shared(event):
        return ""
    if event.picture is not None:
        return links.absolute(f"{event.path}/picture/{event.picture}/{pictures.SHARE}")
    if event.group is not None and event.group.picture is not None:
        return links.absolute(f"{event.group.path}/picture/{event.group.picture}/{pictures.SHARE}")
    return ""


def may_be_shared(event: Event) -> bool:
    """Whether anyone with the link sees the event, even without an account."""
    is_open = event.group is None or event.group.visibility == OPEN
    return event.audience in (EVERYONE, LINK) and is_open and access.is_announced(event)


def is_for_all(event: Event) -> bool:
    """Whether anyone, and so search engines, may find it."""
    return event.audience == EVERYONE and may_be_shared(event)


def linked_data(event: Event) -> dict[str, Any]:
    """Return the event as schema.org data."""
    state = "EventCancelled" if event.state == CANCELLED else "EventScheduled"
    found: dict[str, Any] = {
        "@context": _SCHEMA.rstrip("/"),
        "@type": "Event",
        "name": event.title,
        **dict(zip(("startDate", "endDate"), date_format.machine_ends(event), strict=True)),
        "eventStatus": _SCHEMA + state,
        "url": links.absolute(event.path),
        "organizer": _organizer(event),
        **_where(event),
    }
    if about := about_in_words(event):
        found["description"] = about
    if not event.has_registration_form:  # else tickets may cost something
        found |= {"offers": _offer(event), "isAccessibleForFree": True}
    if image := image_of(event):
        found["image"] = [image]
    if event.capacity is not None:
        found["maximumAttendeeCapacity"] = event.capacity
    return found


def _where(event: Event) -> dict[str, Any]:
    """The place, the online event without its link, or both; nothing if hosts gave neither."""
    place = {"@type": "Place", "name": event.venue, "address": event.venue}
    online = {"@type": "VirtualLocation", "url": links.absolute(event.path)}
    places = ([place] if event.venue else []) + ([online] if event.online_url else [])
    if not places:
        return {}
    mode = "Mixed" if len(places) == 2 else "Offline" if event.venue else "Online"
    return {
        "eventAttendanceMode": f"{_SCHEMA}{mode}EventAttendanceMode",
        "location": places if len(places) == 2 else places[0],
    }


def _organizer(event: Event) -> dict[str, str]:
    if event.group is None:
        return {"@type": "Person", "name": event.owner.name}
    return {
        "@type": "Organization",
        "name": event.group.name,
        "url": links.absolute(event.group.path),
    }


def _offer(event: Event) -> dict[str, Any]:
    is_full = event.seats_free == 0 or event.waiting_count > 0
    offer = {
        **_FREE,
        "url": links.absolute(event.path),
        "availability": _SCHEMA + ("SoldOut" if is_full else "InStock"),
    }
    return offer | (
        {"validFrom": event.published_at.isoformat(timespec="seconds")}
        if event.published_at
        else {}
    )
