"""The hosts' list of answers with search, filters and download, and the public list of
attendees.
"""

from collections.abc import Container
from itertools import chain
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db.keyset import requested_cursor
from ...core.http.forms import query_text
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, opens
from ...core.text import csv_download
from ...core.time import time_zones
from ...events import access
from ...events.audience import hosts_of
from ...events.models import Event
from .. import attendee_filter, rsvps
from ..attendee_filter import TAB_NAMES, TABS, AttendeeFilter
from ..reads import attendees, overview
from ..registration.answers import answers_to_questions

bp = Blueprint("attendees", __name__, url_prefix="/events/<slug>/manage")


@bp.get("/attendees")
@opens(access.event_to, "event:see_attendees")
def index(event: Event) -> ResponseReturnValue:
    """List answers under one tab, page by page, or all to print (?whole=1)."""
    return render_page(
        "attendance/manage/attendees.html",
        {"attendees": "attendance/manage/_attendees.html"},
        **_listed(event),
    )


def _listed(event: Event) -> dict[str, Any]:
    counts, only = overview.status_of(event).tabs, attendee_filter.filter_options(event)
    selection, whole = _selection_from_request(only), query_text("whole") == "1"
    listing = (
        attendees.page_of(event, selection, size=attendees.WHOLE)
        if whole
        else attendees.page_of(event, selection, page_number())
    )
    return {
        "event": event,
        "counts": counts,
        "selection": selection,
        "tab": selection.tabs[0],
        "listing": listing,
        "whole": whole,
        "tab_names": TAB_NAMES,
        "only": only,
        "query": {
            name: value
            for name, value in (("q", selection.words), ("only", selection.only))
            if value
        },
    }


def _selection_from_request(known: Container[str]) -> AttendeeFilter:
    """Read the filter from the query string; anything unknown means everyone who is going."""
    tab, only = query_text("tab"), query_text("only")
    return AttendeeFilter(
        (tab if tab in TABS else "going",), only if only in known else "", query_text()
    )


@bp.get("/attendees.csv")
@opens(access.event_to, "event:see_attendees")
def export(event: Event) -> ResponseReturnValue:
    """Export all answers as CSV, without email addresses."""
    head = [
        _("Given name"),
        _("Family name"),
        _("Handle"),
        _("Answer"),
        _("People"),
        _("On the waiting list"),
        _("Name hidden"),
        _("Answered"),
    ]
    has_check_in = attendee_filter.had_check_in(event)
    head += [_("Attended"), _("Checked in at")] if has_check_in else []
    answers = answers_to_questions(event)
    rows = (
        [*_line(row, event.zone, has_check_in), *answers.rows.get(row_id, ())]
        for row_id, *row in map(tuple, attendees.table_of(event))
    )
    return csv_download.download(
        f"{event.slug}-attendees", chain([[*head, *answers.columns]], rows)
    )


def _line(row: list[Any], zone: str, has_check_in: bool) -> list[Any]:
    *names, state, party, waiting, is_anonymous, moment, came, came_at = row
    answer = next(str(TAB_NAMES[tab]) for tab, states in TABS.items() if state in states)
    since, since_in = (
        time_zones.wall(it, zone).isoformat(" ", "minutes") if it else ""
        for it in (moment, came_at)
    )
    return [
        *(name or "" for name in names),
        answer,
        party,
        waiting or "",
        _("yes") if is_anonymous else "",
        since,
        *([came or 0, since_in] if has_check_in else []),
    ]


people_bp = Blueprint("event_people", __name__, url_prefix="/events/<slug>/people")


def _event_with_people(user: Any, _action: str, slug: str) -> Event:
    event = access.event_for(user, slug)
    return event if access.can_see_people(user, event, rsvps.of(event, user)) else abort(403)


@people_bp.get("", endpoint="index")
@opens(_event_with_people, "event:see_people")
def list_going(event: Event) -> ResponseReturnValue:
    """List a page of attendees, the first to answer on top; hidden names are counted."""
    hosts, cursor = [host.id for host in hosts_of(event)], requested_cursor()
    sees_all = access.can(current_user, "event:see_waiting_names", event)
    page = attendees.going_to(event, actor(), hosts, sees_all, cursor, page_number())
    return render_page(
        "attendance/people.html",
        {"going": "attendance/_going.html"},
        reader_id=actor().id,
        event=event,
        page=page,
        has_place=cursor is not None,
    )
