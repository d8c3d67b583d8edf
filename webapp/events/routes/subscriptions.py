"""The pages on which someone gets, renews and takes back the address of a calendar: under their
account, and under a group.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from ...core.http.pages import render_page
from ...core.http.permissions import actor, public, signed_in
from ...core.http.submit import done
from ...groups import access as group_access
from ...groups.models import OPEN, Group
from ..calendar import subscriptions

bp = Blueprint("subscriptions", __name__)
_OWN, _GROUPS = "/account/calendar", "/groups/<slug>/calendar"


@bp.get(_OWN)
@signed_in
def show() -> ResponseReturnValue:
    """Show the reader's calendar link, if there is one."""
    return render_page("events/own_calendar.html", webcal=subscriptions.webcal, **_shown(None))


@bp.get(_GROUPS)
@public
def show_group(slug: str) -> ResponseReturnValue:
    """Show the group's calendar links: the public one of an open group, and the member's own."""
    group = group_access.group_for(current_user, slug)
    if not group_access.may_see_inside(current_user, group):
        raise NotFound()
    belongs = group_access.can(current_user, "group:read_calendar", group)
    everyones = url_for("calendars.group", slug=group.slug) if group.visibility == OPEN else ""
    shown: dict[str, Any] = {
        "group": group,
        "belongs": belongs,
        "everyones": everyones,
        "webcal": subscriptions.webcal,
    }
    return render_page("events/group_calendar.html", **shown, **(_shown(group) if belongs else {}))


@bp.post(_OWN)
@bp.post(_GROUPS)
@signed_in
def create(slug: str = "") -> ResponseReturnValue:
    """Create a calendar link, for the reader's own events or the group's."""
    group = _group(slug)
    subscriptions.make(actor(), group)
    return done(_page_of(group))


@bp.get(f"{_OWN}/<any(renewal, removal):what>")
@bp.get(f"{_GROUPS}/<any(renewal, removal):what>")
@signed_in
def ask(what: str, slug: str = "") -> ResponseReturnValue:
    """Ask before a calendar link is replaced or deleted."""
    return render_page(f"events/calendar_{what}.html", page=_page_of(_group(slug)))


@bp.post(f"{_OWN}/renewal")
@bp.post(f"{_GROUPS}/renewal")
@signed_in
def renew(slug: str = "") -> ResponseReturnValue:
    """Replace the calendar link; the old one stops working."""
    return _done(subscriptions.renew, slug, _("New link created. The old one no longer works."))


@bp.post(f"{_OWN}/removal")
@bp.post(f"{_GROUPS}/removal")
@signed_in
def delete(slug: str = "") -> ResponseReturnValue:
    """Delete the calendar link."""
    return _done(subscriptions.take_back, slug, _("Link deleted. It no longer works."))


def _done(act: Callable[[Any, Group | None], None], slug: str, words: str) -> ResponseReturnValue:
    group = _group(slug)
    act(actor(), group)
    return done(_page_of(group), words)


def _group(slug: str) -> Group | None:
    """The group whose events it is about; none for one's own."""
    return group_access.group_to(current_user, "group:read_calendar", slug) if slug else None


def _page_of(group: Group | None) -> str:
    return (
        url_for("subscriptions.show_group", slug=group.slug)
        if group is not None
        else url_for("subscriptions.show")
    )


def _shown(group: Group | None) -> dict[str, Any]:
    feed = subscriptions.of(actor(), group)
    return {
        "feed": feed,
        "path": subscriptions.path(feed) if feed is not None else "",
        "page": _page_of(group),
    }
