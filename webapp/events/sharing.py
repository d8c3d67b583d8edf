"""What others than people read of an event: the card beside a link to it, and schema.org's words
for search engines.

Only what every reader of the page sees: never the online room, never who comes.
"""

from typing import Any, NamedTuple

from ..core.http import links
from ..core.storage import pictures
from ..core.text import markdown
from ..groups.models import OPEN
from . import access, date_format
from .models import CANCELLED, EVERYONE, LINK, Event

_SCHEMA = "https://schema.org/"
#: Nothing is nothing in every currency, and the site has none of its own: no `priceCurrency`.
_FREE = {"@type": "Offer", "price": 0}


class ShareCard(NamedTuple):
    """What other sites show beside a link to the event; `image`: "" where there is no picture
    that everyone may see.
    """

    title: str
    words: str
    url: str
    image: str


def card(event: Event) -> ShareCard:
    """The event in a title, a sentence and a picture: its own, or its group's."""
    words = (date_format.whole(event), event.venue, about_in_words(event))
    return ShareCard(
        event.title,
        " · ".join(part for part in words if part),
        links.absolute(event.path),
        image_of(event),
    )


def about_in_words(event: Event) -> str:
    """What the event is about, without any markup; "" where its hosts have said nothing."""
    return event.summary or markdown.plain(event.description)


def image_of(event: Event) -> str:
    """The whole address of the picture beside links to it; "" where visitors may fetch none."""
    if not may_be_shared(event):
        return ""
    if event.picture is not None:
        return links.absolute(f"{event.path}/picture/{event.picture}/{pictures.SHARE}")
    if event.group is not None and event.group.picture is not None:
        return links.absolute(f"{event.group.path}/picture/{event.group.picture}/{pictures.SHARE}")
    return ""


def may_be_shared(event: Event) -> bool:
    """Whether anyone who has the address sees the event, also without an account."""
    is_open = event.group is None or event.group.visibility == OPEN
    return event.audience in (EVERYONE, LINK) and is_open and access.is_announced(event)


def is_for_all(event: Event) -> bool:
    """Whether anybody may find it: then search engines may, too."""
    return event.audience == EVERYONE and may_be_shared(event)


def linked_data(event: Event) -> dict[str, Any]:
    """The event in schema.org's words."""
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
    if not event.has_registration_form:  # else there may be tickets that cost something at check-in
        found |= {"offers": _offer(event), "isAccessibleForFree": True}
    if image := image_of(event):
        found["image"] = [image]
    if event.capacity is not None:
        found["maximumAttendeeCapacity"] = event.capacity
    return found


def _where(event: Event) -> dict[str, Any]:
    """The place, the online room without its address, or both; nothing where the hosts have said
    neither.
    """
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
