"""The directory: all groups that the reader may find, their own, and suggestions."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core import site_settings
from ...core.http.forms import query_text
from ...core.http.page_cache import cached_for_visitors
from ...core.http.pages import page_number, render_page, wanted_fragment
from ...core.http.permissions import public
from ...events import reads as event_reads
from ...people import reads as people_reads
from .. import access, permissions, reads
from ..directory import GroupSearch, listed
from .groups import bp

MINE = "mine"


@bp.get("/groups")
@public
@cached_for_visitors
def index() -> ResponseReturnValue:
    """List the groups that fit the search, with suggestions on the first page."""
    criteria, page = _criteria_from_request(), page_number()
    topics = people_reads.topics_for(current_user) if _needs_topics(criteria, page) else []
    topic = next((one.name for one in topics if one.slug == criteria.topic), "")
    listing = listed(current_user, criteria, page, topic)
    return render_page(
        "groups/index.html",
        {"listing": "groups/_listing.html"},
        listing=listing,
        criteria=criteria,
        next_events=event_reads.next_of([group.id for group in listing.items], current_user)
        if listing.items
        else {},
        roles=access.roles_of(current_user),
        role_names=access.ROLE_NAMES,
        put_away=reads.deleted_by(current_user) if criteria.mine else [],
        may_create=permissions.may_create(current_user, site_settings.value("GROUP_CREATION")),
        **_suggested(topics, _welcomes(criteria, page)),
    )


def _criteria_from_request() -> GroupSearch:
    mine = query_text("view") == MINE and current_user.is_authenticated
    return GroupSearch(
        query_text(), query_text("topic", 40), query_text("place"), query_text("sort", 10), mine
    )


def _welcomes(criteria: GroupSearch, page: int) -> bool:
    """Whether this is the directory's first page without criteria."""
    return not (criteria.is_narrowed or criteria.mine or criteria.sort) and page == 1


def _needs_topics(criteria: GroupSearch, page: int) -> bool:
    """Whether the page offers topics, suggests groups by them, or searches for words and a topic
    together.
    """
    welcomes = _welcomes(criteria, page) and current_user.is_authenticated
    return wanted_fragment() is None or welcomes or bool(criteria.topic and criteria.words)


def _suggested(topics: list[Any], welcoming: bool) -> dict[str, Any]:
    """The topics to choose from, and suggestions by the reader's interests where they are shown."""
    interests = [topic for topic in topics if topic.is_mine]
    suggested = people_reads.suggested_to(current_user, interests) if welcoming else []
    return {
        "topics": tuple((topic.slug, topic.name) for topic in topics),
        "suggested": suggested,
        "may_choose": welcoming and bool(topics) and not interests,
    }
