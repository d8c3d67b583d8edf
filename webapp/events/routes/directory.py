"""The list of events: everything that the reader may find, by words, place, topic and days."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from ...core import i18n
from ...core.db.keyset import MOST_LOOKED_AT, requested_cursor
from ...core.http.forms import query_text
from ...core.http.page_cache import cached_for_visitors
from ...core.http.pages import page_number, render_page, wanted_fragment
from ...core.http.permissions import public
from ...groups import reads as group_reads
from ...groups.access import GroupMoved, actions_of, group_for, may_see_inside
from ...groups.directory import GroupSearch, listed as listed_groups
from ...groups.models import Group
from .. import directory
from ..directory import PAST, SPANS, EventSearch, listed
from ..reads import listing
from .event_page import bp


@bp.get("")
@public
@cached_for_visitors
def index() -> ResponseReturnValue:
    """List the upcoming or past events that the reader can find."""
    search, cursor = _search_from_request(), requested_cursor()
    is_whole = wanted_fragment() is None
    topics = group_reads.topics() if is_whole or search.category else ()
    group, page = _group(search.group), listed(current_user, search, cursor, page_number())
    is_bare = not (page.items or search.is_narrowed or search.when)
    is_empty = is_bare and not listed_groups(current_user, GroupSearch()).items
    return render_page(
        "events/index.html",
        {"event-list": "events/_event_list.html"},
        search=search,
        page=page,
        is_empty=is_empty,
        list_path=url_for("events.index", **search.query),
        has_cursor=cursor is not None,
        most_looked_at=MOST_LOOKED_AT,
        drafts=listing.drafts_of(current_user)
        if is_whole and current_user.is_authenticated and not search.group
        else [],
        categories=topics,
        group=group,
        may=actions_of(current_user, group) if group else frozenset(),
        has_tabs=group is not None and may_see_inside(current_user, group),
        whens=_whens(),
        chips=_chips(search, topics, group),
        elsewhere=_elsewhere(search),
    )


def _search_from_request() -> EventSearch:
    when = query_text("when", 10)
    words = {name: query_text(name) for name in ("words", "group", "category", "place")}
    return EventSearch(
        when=when if when in (PAST, *SPANS) else "",
        first=i18n.parse_day(query_text("from")),
        last=i18n.parse_day(query_text("to")),
        **words,
    )


def _group(slug: str) -> Group | None:
    """The requested group, if it exists for the reader."""
    try:
        return group_for(current_user, slug) if slug else None
    except (NotFound, GroupMoved):
        return None


def _whens() -> dict[str, str]:
    return {
        "": _("Any day"),
        directory.TODAY: _("Today"),
        directory.WEEKEND: _("This weekend"),
        directory.WEEK: _("This week"),
        directory.MONTH: _("This month"),
        PAST: _("Past events"),
    }


def _chips(
    search: EventSearch, topics: tuple[tuple[str, str], ...], group: Group | None
) -> list[tuple[str, str]]:
    """The criteria as labels, each with the URL of the list without it."""
    labels: dict[str, Any] = {
        "words": _("“%(words)s”", words=search.words) if search.words else "",
        "place": _("in %(place)s", place=search.place) if search.place else "",
        "category": dict(topics).get(search.category, search.category),
        "group": group.name if group is not None else search.group,
        "when": _whens()[search.when] if search.when else "",
        "first": _("from %(day)s", day=i18n.short_date(search.first)) if search.first else "",
        "last": _("until %(day)s", day=i18n.short_date(search.last)) if search.last else "",
    }
    return [
        (words, url_for("events.index", **search.without(name).query))
        for name, words in labels.items()
        if words
    ]


def _elsewhere(search: EventSearch) -> str:
    """The URL of the same search among past events, or among upcoming ones."""
    other = search.without("when").query
    return (
        url_for("events.index", **other)
        if search.past
        else url_for("events.index", **{**other, "when": PAST})
    )
