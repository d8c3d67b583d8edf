"""The first page for visitors: an introduction, events and groups."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from ..core import site_settings
from ..core.text.strings import dotted
from ..core.time import clock, time_zones
from ..core.ui.artwork import Art, apart
from ..events import date_format
from ..events.list_rows import seats_chip
from ..events.models import arts_of, path_of
from . import reads


def visitor_page() -> dict[str, Any]:
    """Return the template's context."""
    now = clock.now()
    events, groups = reads.public_events(current_user, now), reads.public_groups()
    shown = events[: reads.SHOWN]
    arts = apart(arts_of(row) for row in shown)
    return {
        "events": [_visitor_event(*drawn) for drawn in zip(shown, arts, strict=True)],
        "more_events": len(events) > reads.SHOWN,
        "groups": [_visitor_group(row) for row in groups[: reads.SHOWN]],
        "more_groups": len(groups) > reads.SHOWN,
        "welcome": site_settings.value("WELCOME"),
    }


def _visitor_event(row: Any, art: Art) -> dict[str, Any]:
    where = row.venue or (
        _("Online, %(place)s time", place=time_zones.place_of(row.zone)) if row.online_url else ""
    )
    return {
        "id": row.id,
        "url": path_of(row.slug),
        "path": path_of(row.slug),
        "picture": row.picture,
        "arts": (art,),
        "title": row.title,
        "starts": time_zones.wall(row.starts_at, row.zone),
        "kicker": date_format.short(row),
        "meta": dotted(where, row.group_name),
        "chip": seats_chip(row),
    }


def _visitor_group(row: Any) -> dict[str, Any]:
    people = ngettext("%(num)s member", "%(num)s members", row.member_count)
    return {
        "id": row.id,
        "url": url_for("groups.show", slug=row.slug),
        "name": row.name,
        "slug": row.slug,
        "picture": row.picture,
        "about": row.summary,
        "meta": dotted(row.location, people),
    }
