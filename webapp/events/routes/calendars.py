"""Events as calendar programs take them: one as a file, many as a feed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.http import is_resource_modified

from ...accounts.loader import Visitor
from ...agenda import reads as sessions_read
from ...attendance import reads as answers
from ...core.db.session import write_during_get
from ...core.http.page_cache import cached_for_visitors
from ...core.http.permissions import public
from ...core.time import clock
from ...groups import access as group_access
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
    feed = subscriptions.found(feed_id, token)
    locale = feed.user.locale
    with force_locale(locale):
        name = _called(feed.group.name if feed.group is not None else _("My events"))
        sessions = sessions_read.calendar_entries(feed)
        digest = subscriptions.digest_of(name, locale, feeds.told_in(feed), sessions)
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
            subscriptions.note(feed_id, digest, changed, today)


def _answer(file: bytes) -> Response:
    answer = Response(file, mimetype=calendar.KIND)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _for_one(answer: Any, digest: str, changed: datetime) -> Response:
    """Kept by the program that asked, which asks again each time; by nobody between.

    Its address goes nowhere else.
    """
    answer.set_etag(digest, weak=True)
    answer.last_modified = changed
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
