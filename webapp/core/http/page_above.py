"""The way out of a refused page: the group, event or vote that it is a part of."""

from typing import Any, NamedTuple
from urllib.parse import quote

from flask import request


class PageAbove(NamedTuple):
    """The page of a group, an event or a vote, as the way out of a refused part of it: its path,
    the link's label, and what to say instead of the usual sentence.
    """

    path: str
    label: Any
    sentence: Any


#: Label and sentence by the first part of the path, such as "groups"; features add theirs.
_KINDS: dict[str, tuple[Any, Any]] = {}


def add(kind: str, label: Any, sentence: Any = "") -> None:
    """Lead from refused pages below `/<kind>/<slug>/` to the page of that slug."""
    _KINDS[kind] = label, sentence


def page_above() -> PageAbove | None:
    """Return what the refused page is a part of. It's found in the URL alone."""
    kind, _slash, rest = request.path.strip("/").partition("/")
    slug, _slash, part = rest.partition("/")
    if kind not in _KINDS or not part or slug != (request.view_args or {}).get("slug"):
        return None
    return PageAbove(f"/{kind}/{quote(slug)}", *_KINDS[kind])
