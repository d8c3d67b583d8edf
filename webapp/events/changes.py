"""What people arrange themselves by, when and where, as it was and as it is: what of it changed,
in words.
"""

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from . import date_format
from .models import Event

WHEN, WHERE, ONLINE = ("when", "where", "online")


class Span(NamedTuple):
    """What `when` asks of an event."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    is_all_day: bool


def plan_of(event: Event) -> dict[str, Any]:
    """When and where it takes place, to be compared with later."""
    return {
        "starts": event.starts_at.isoformat(),
        "ends": event.ends_at.isoformat(),
        "zone": event.zone,
        "all_day": event.is_all_day,
        "venue": event.venue,
        "online": event.online_url,
    }


def since(before: dict[str, Any], event: Event) -> set[str]:
    """Which of WHEN, WHERE and ONLINE are not as they were; another zone alone moves nothing."""
    now = plan_of(event)
    parts = {WHEN: ("starts", "ends", "all_day"), WHERE: ("venue",), ONLINE: ("online",)}
    return {
        part for part, names in parts.items() if any(before[name] != now[name] for name in names)
    }


def words_of(before: dict[str, Any], event: Event, zone: str) -> dict[str, Any]:
    """What the inbox names of the change, for someone in that zone."""
    changed = since(before, event)
    words: dict[str, Any] = {"venue": event.venue if WHERE in changed else ""}
    if WHEN in changed:
        words |= {
            "starts": event.starts_at.isoformat(),
            "ends": event.ends_at.isoformat(),
            "all_day": event.is_all_day,
        }
        words["zone"] = event.zone if event.is_all_day else zone
    return words | {"online": ONLINE in changed}


def in_words(before: dict[str, Any], event: Event) -> list[tuple[str, str, str]]:
    """Each part that changed, how it was and how it is, by the clocks of the place."""
    changed, lines = since(before, event), []
    if WHEN in changed:
        then = span_of(before["starts"], before["ends"], before["zone"], before["all_day"])
        lines.append((_("When"), date_format.both_ends(then), date_format.both_ends(event)))
    if WHERE in changed:
        nowhere = _("nowhere yet")
        lines.append((_("Where"), before["venue"] or nowhere, event.venue or nowhere))
    if ONLINE in changed:
        lines.append((_("Online"), *_online(before["online"], event.online_url)))
    return lines


def span_of(starts: str, ends: str, zone: str, all_day: bool) -> Span:
    """The same, as it was kept."""
    return Span(datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone, all_day)


def _online(before: str, now: str) -> tuple[str, str]:
    if not before:
        return _("no link"), _("there is a link now")
    return (
        (_("the old link"), _("there is a new link"))
        if now
        else (_("a link"), _("there is no link any more"))
    )
