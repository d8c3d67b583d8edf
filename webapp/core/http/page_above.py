"""The way out of a refused page: the group, event or vote that it is a part of."""

from typing import Any, NamedTuple
from urllib.parse import quote

from flask import request
from flask_babel import lazy_gettext as _l

#: What a refused page is a part of: the label of the way there, and a sentence of its own.
PARTS_OF = {
    "groups": (
        _l("Go to the group"),
        _l(
            "Your role here doesn’t allow this. On the group’s page you can join, or see whom to "
            "ask."
        ),
    ),
    "events": (_l("Go to the event"), ""),
    "votes": (_l("Go to the vote"), ""),
}


class PageAbove(NamedTuple):
    """The page of a group, an event or a vote, as the way out of a refused part of it."""

    path: str
    label: Any
    sentence: Any


def page_above() -> PageAbove | None:
    """Return what the refused page is a part of. It's found in the URL alone."""
    kind, _slash, rest = request.path.strip("/").partition("/")
    slug, _slash, part = rest.partition("/")
    if kind not in PARTS_OF or not part or slug != (request.view_args or {}).get("slug"):
        return None
    return PageAbove(f"/{kind}/{quote(slug)}", *PARTS_OF[kind])
