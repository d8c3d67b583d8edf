"""The first page for a visitor: what this is, what is on, who meets here."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ..core import clock, site, times
from ..events import when
from ..events.models import path_of
from . import reads


def page() -> dict[str, Any]:
    """What the template takes."""
    now = clock.now()
    events, groups = reads.public_events(current_user, now), reads.public_groups()
    return {
        "events": [_event(row) for row in events[: reads.SHOWN]],
        "more_events": len(events) > reads.SHOWN,
        "groups": [_group(row) for row in groups[: reads.SHOWN]],
        "more_groups": len(groups) > reads.SHOWN,
        "welcome": site.value("WELCOME"),
    }


def _event(row: Any) -> dict[str, Any]:
    where = row.place or (
        _("Online, %(place)s time", place=times.place_of(row.zone)) if row.online_url else ""
    )
    return {
        "id": row.id,
        "url": path_of(row.slug),
        "path": path_of(row.slug),
        "picture": row.picture,
        "title": row.title,
        "starts": times.wall(row.starts_at, row.zone),
        "kicker": when.short(row),
        "meta": " · ".join(part for part in (where, row.group) if part),
        "chip": _seats(row),
    }


def _seats(row: Any) -> tuple[str, str] | None:
    if row.capacity is None:
        return None
    free = max(0, row.capacity - row.seats_taken)
    if not free:
        return ("wait", _("Full, with a queue"))
    return ("yes", ngettext("%(num)s seat left", "%(num)s seats left", free))


def _group(row: Any) -> dict[str, Any]:
    people = ngettext("%(num)s member", "%(num)s members", row.member_count)
    return {
        "id": row.id,
        "url": url_for("groups.show", slug=row.slug),
        "name": row.name,
        "slug": row.slug,
        "picture": row.picture,
        "about": row.summary,
        "meta": " · ".join(part for part in (row.place, people) if part),
    }
