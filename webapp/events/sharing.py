"""What other sites show of an event: the preview of a link to it, and schema.org data for search
engines.

Only what every reader of the page sees: never the link for joining online, never attendees.
"""

from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from ..core import i18n, site_settings
from ..core.extensions import db
from ..core.http import links
from ..core.storage import pictures
from ..core.text import markdown
from ..core.text.strings import dotted
from ..core.ui import share_cards
from ..groups.models import OPEN
from . import access, date_format
from .models import CANCELLED, EVERYONE, LINK, Event

_SCHEMA = "https://schema.org/"
#: Zero is the same in every currency, and the site has no currency: no `priceCurrency`.
_FREE = {"@type": "Offer", "price": 0}


class LinkPreview(NamedTuple):
    """The preview of a link to the event; `image`: "" without a public picture."""

    title: str
    words: str
    url: str
    image: str


def preview(event: Event) -> LinkPreview:
    """Return the preview: title, a sentence, and the event's picture or its drawn card."""
    when = date_format.at_place(date_format.whole(event), event)  # it's read anywhere
    return LinkPreview(
        event.title,
        dotted(when, event.venue, about_in_words(event)),
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
    return links.absolute(f"{event.path}/picture/{card_id(event)}/{pictures.SHARE}")


def card_id(event: Event) -> UUID:
    """Return the id of the event's drawn card, which changes with what the card shows."""
    when = (event.starts_at, event.ends_at, event.zone, event.is_all_day, event.state)
    where = (event.venue, event.online_url != "", event.group.name if event.group else "")
    site = site_settings.value("SITE_NAME")
    return share_cards.id_of(event.id, event.title, when, where, event.arts[0], site)


def drawn_card(event: Event) -> bytes:
    """Return the card as PNG: title, date with its zone, place."""
    with i18n.force_locale(i18n.SOURCE):
        when = date_format.at_place(date_format.both_ends(event), event)
        if event.state == CANCELLED:
            when = f"{_('Cancelled')} · {when}"
        where = event.venue or (_("Online") if event.online_url else "")
    where = dotted(where, event.group.name if event.group else "")
    site = site_settings.value("SITE_NAME")
    return share_cards.draw(share_cards.Card(when, event.title, where, site, event.arts[0]))


def add_cards(kind: str, ids: set[str]) -> None:
    """Add the cards of all events to the pictures in use."""
    if kind != "picture":
        return
    shared = sa.select(Event).where(Event.picture.is_(None), Event.deleted_at.is_(None))
    shared = shared.options(joinedload(Event.group), joinedload(Event.category))
    for event in db.session.scalars(shared.execution_options(yield_per=500)):
        if may_be_shared(event):
            ids.add(card_id(event).hex)


def may_be_shared(event: Event) -> bool:
    """Whether anyone with the link sees the event, even without an account."""
    is_open = event.group is None or event.group.visibility == OPEN
    return event.audience in (EVERYONE, LINK) and is_open and access.is_announced(event)


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
    is_full = event.seats_free == 0
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
