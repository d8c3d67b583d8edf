"""What is read: the list, and one item of it."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.forms import given
from ...core.pages import render_page
from ...core.stretches import place_asked_for
from ...groups import access as groups
from .. import access, reads
from ..access import Shelf


def list_page(shelf: Shelf) -> ResponseReturnValue:
    """What the sources said, the latest first; by `?q=` those items with these words, by
    `?source=` those of one source.
    """
    chosen = reads.sources(shelf)
    words = given()
    source = next((one for one in chosen if str(one.id) == request.args.get("source")), None)
    return render_page(
        "news/index.html",
        {"news": "news/_news.html"},
        listing=reads.listed(shelf, words, source and source.id, place_asked_for()),
        sources={one.id: one for one in chosen},
        standing=reads.standing(chosen),
        words=words,
        source=source,
        **_about(shelf),
    )


def item_page(shelf: Shelf, item_id: UUID) -> ResponseReturnValue:
    """All that we keep of one item, with the way to where it was said."""
    return render_page("news/show.html", item=access.item_on(shelf, item_id), **_about(shelf))


def _about(shelf: Shelf) -> dict[str, Any]:
    """Whose news it is, where its pages are, and where the reader may choose its sources."""
    group = shelf.group
    if group is None:
        to_choose = (
            url_for("site_sources.index") if getattr(current_user, "is_admin", False) else ""
        )
        return {
            "group": None,
            "may": frozenset(),
            "at": url_for("site_news.index"),
            "to_choose": to_choose,
        }
    may = groups.actions_of(current_user, group)
    to_choose = url_for("group_sources.index", slug=group.slug) if access.CHOOSE in may else ""
    return {
        "group": group,
        "may": may,
        "at": url_for("group_news.index", slug=group.slug),
        "to_choose": to_choose,
    }
