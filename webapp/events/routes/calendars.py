"""Calendar files and feeds, and the pages where people create, renew and delete a feed's link."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.http import is_resource_modified

from ...accounts.models import Visitor
from ...agenda import reads as sessions_read
from ...attendance import reads as answers
from ...core.db.session import write_during_get
from ...core.http.page_cache import cached_for_visitors
from ...core.http.pages import render_page
from ...core.http.permissions import actor, public, signed_in
from ...core.http.submit import done
from ...core.i18n import force_locale
from ...core.time import clock
from ...groups import access as group_access
from ...groups.models import OPEN, Group
from .. import access, calendar
from ..calendar import feeds, subscriptions
from ..models import GOING, MAYBE, OFFERED, WAITING, CalendarFeed

bp = Blueprint("calendars", __name__)


@bp.get("/events/<slug>/event.ics")
@public
def event(slug: str) -> ResponseReturnValue:
    """Serve the event as a calendar file, as the reader sees it."""
    found = access.event_for(current_user, slug)
    row = answers.answer_of(found, current_user) if current_user.is_authenticated else None
    state = row.state if row is not None and row.state in (GOING, MAYBE, WAITING, OFFERED) else None
    room = access.online_url_for(current_user, found, row)
    turns = row.calendar_turns if row is not None else 0
    answer = _answer(calendar.file_for(found, state, room, turns=turns))
    answer.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}.ics")
    return answer


@bp.get("/groups/<slug>/events.ics")
@public
@cached_for_visitors
def group(slug: str) -> ResponseReturnValue:
    """Serve the group's public events as a calendar, the same for everyone."""
    found = group_access.group_for(Visitor(), slug)
    if not group_access.may_see_inside(Visitor(), found):
        raise NotFound()
    return _answer(calendar.feed(_called(found.name), feeds.events_of(found, Visitor())))


@bp.get("/calendars/<uuid:feed_id>/<token>.ics")
@public
def show(feed_id: UUID, token: str) -> ResponseReturnValue:
    """Serve a person's calendar, with the sessions that they chose, to anyone with its link."""
    feed = subscriptions.find(feed_id, token)
    locale = feed.user.locale
    with force_locale(locale):
        name = _called(feed.group.name if feed.group is not None else _("My events"))
        sessions = sessions_read.calendar_entries(feed)
        digest = subscriptions.digest_of(name, locale, feeds.fingerprint_text(feed), sessions)
        changed = subscriptions.changed_at(feed, digest)
        is_known = not is_resource_modified(request.environ, etag=digest, last_modified=changed)
        rows = [] if is_known else feeds.events_in(feed)
        _note(feed, digest, changed)
        answer = Response(status=304) if is_known else _answer(calendar.feed(name, rows, sessions))
    return _for_one(answer, digest, changed)


def _called(name: str) -> str:
    return f"{current_app.config['SITE_NAME']}: {name}"


def _note(feed: CalendarFeed, digest: str, changed: datetime) -> None:
    today = clock.now().date()
    if (feed.read_on, feed.digest, feed.changed_at) != (today, digest, changed):
        feed_id = feed.id
        with write_during_get():
            subscriptions.note_read(feed_id, digest, changed, today)


def _answer(file: bytes) -> Response:
    answer = Response(file, mimetype=calendar.KIND)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _for_one(answer: Any, digest: str, changed: datetime) -> Response:
    """Only the requesting app may cache it, and must revalidate.

    The link must not leak in a Referer header.
    """
    answer.set_etag(digest, weak=True)
    answer.last_modified = changed
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


subscriptions_bp = Blueprint("calendar_links", __name__)
_OWN, _GROUPS = "/account/calendar", "/groups/<slug>/calendar"


@subscriptions_bp.get(_OWN, endpoint="show")
@signed_in
def show_subscriptions() -> ResponseReturnValue:
    """Show the reader's calendar link, if there is one."""
    return render_page("events/own_calendar.html", webcal=subscriptions.webcal, **_shown(None))


@subscriptions_bp.get(_GROUPS)
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


@subscriptions_bp.post(_OWN)
@subscriptions_bp.post(_GROUPS)
@signed_in
def create(slug: str = "") -> ResponseReturnValue:
    """Create a calendar link, for the reader's own events or the group's."""
    group = _group(slug)
    subscriptions.create(actor(), group)
    return done(_page_of(group))


@subscriptions_bp.get(f"{_OWN}/<any(renewal, removal):what>")
@subscriptions_bp.get(f"{_GROUPS}/<any(renewal, removal):what>")
@signed_in
def ask(what: str, slug: str = "") -> ResponseReturnValue:
    """Ask before a calendar link is replaced or deleted."""
    return render_page(f"events/calendar_{what}.html", page=_page_of(_group(slug)))


@subscriptions_bp.post(f"{_OWN}/renewal")
@subscriptions_bp.post(f"{_GROUPS}/renewal")
@signed_in
def renew(slug: str = "") -> ResponseReturnValue:
    """Replace the calendar link; the old one stops working."""
    return _done(subscriptions.renew, slug, _("New link created. The old one no longer works."))


@subscriptions_bp.post(f"{_OWN}/removal")
@subscriptions_bp.post(f"{_GROUPS}/removal")
@signed_in
def delete(slug: str = "") -> ResponseReturnValue:
    """Delete the calendar link."""
    return _done(subscriptions.remove, slug, _("Link deleted. It no longer works."))


def _done(act: Callable[[Any, Group | None], None], slug: str, message: str) -> ResponseReturnValue:
    group = _group(slug)
    act(actor(), group)
    return done(_page_of(group), message)


def _group(slug: str) -> Group | None:
    """The group in the path; None for the user's own calendar."""
    return group_access.group_to(current_user, "group:read_calendar", slug) if slug else None


def _page_of(group: Group | None) -> str:
    return (
        url_for("calendar_links.show_group", slug=group.slug)
        if group is not None
        else url_for("calendar_links.show")
    )


def _shown(group: Group | None) -> dict[str, Any]:
    feed = subscriptions.of(actor(), group)
    return {
        "feed": feed,
        "path": subscriptions.path(feed) if feed is not None else "",
        "page": _page_of(group),
    }
