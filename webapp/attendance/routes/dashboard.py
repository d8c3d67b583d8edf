"""The hosts' overview of an event, and its waiting list."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.pages import page_number, render_page
from ...core.http.permissions import opens
from ...core.time import clock
from ...core.ui.navigation import Menu
from ...events import access, management, status
from ...events.models import Event
from ...groups.access import can as can_in_group
from .. import attendance_chart, host_checklist
from ..labels import step_in_words
from ..reads import overview
from ..reads.answers import answers_to, waitlist_steps

bp = Blueprint("event_manage", __name__, url_prefix="/events/<slug>/manage")

#: How many of the latest steps the overview shows.
STEPS = 5


@bp.get("")
@opens(access.event_to, "event:edit")
def show(event: Event) -> ResponseReturnValue:
    """Show what needs attention, the answers, what can be added, and actions."""
    now, figures = clock.now(), overview.status_of(event)
    menu = management.menu(current_user, event, is_overview=True)
    return render_page(
        "attendance/manage/show.html",
        {"overview": "attendance/manage/_overview.html"},
        event=event,
        state=status.state_of(event, now),
        menu=menu,
        tasks=[*menu.tasks, *host_checklist.of(event, figures, now, _pages(menu))],
        ended=event.has_taken_place,
        stats=overview.stats_of(event, figures),
        filled=attendance_chart.draw(event, now),
        steps=waitlist_steps(event, STEPS),
        step_in_words=step_in_words,
        **_whole(event, figures),
    )


@bp.get("/queue")
@opens(access.event_to, "event:see_waiting_names")
def waitlist(event: Event) -> ResponseReturnValue:
    """Show the waiting list in order, and its log, page by page."""
    return render_page(
        "attendance/manage/waitlist.html",
        {"waitlist-log": "attendance/manage/_waitlist_log.html"},
        event=event,
        waiting=answers_to(event, None, sees_all=True).waitlist,
        log=overview.log_of(event, page_number()),
        step_in_words=step_in_words,
    )


def _pages(menu: Menu) -> dict[str, str]:
    """Return the URLs of the pages that the menu has, and of the actions on the whole event."""
    lines = (*menu.lines, *menu.unused)
    return {line.page.name: line.url for line in lines} | {"whole": "#whole"}


def _whole(event: Event, figures: overview.EventFigures) -> dict[str, Any]:
    """Return which actions on the whole event are possible, and why it can't be deleted."""
    answered = figures.answered > 0
    is_open = event.is_published and not event.locked_at and event.starts_at > clock.now()
    return {
        "may_copy": event.group is None
        or can_in_group(current_user, "group:create_event", event.group),
        "may_unpublish": is_open and not answered,
        "may_resume": event.is_cancelled and status.unresumable_because(event) is None,
        "undeletable": status.undeletable_because(event, answered),
    }
