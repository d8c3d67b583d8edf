"""Where someone continues after signing in: a page of this site, or the first page."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect

from ...core.http.permissions import actor
from ..came_for import FINDERS, Purpose
from ..models import CAME_FOR_LENGTH

#: A path without special characters: browsers turn backslashes, spaces and control characters into
#: URLs of other sites.
_PLAIN = re.compile(r"/(?![/\\])[^\\\s\x00-\x20\x7f]*")


def safe_target(target: str | None) -> str:
    """Return the target if it is the path of a page here or of a companion service;
    otherwise “/”.
    """
    if (
        not target
        or not _PLAIN.fullmatch(target)
        or "//" in unquote(target.partition("?")[0])
        or "\\" in unquote(target)
    ):
        return "/"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return "/"
    return target if _is_companions(parts.path) or _can_be_visited(parts.path) else "/"


def kept_target(target: str | None) -> str:
    """Return the target if it may be stored and emailed; otherwise ""."""
    safe = safe_target(target)
    _endpoint, values = _page_at(urlsplit(safe).path)
    is_secret = "token" in values
    return "" if safe == "/" or is_secret or len(safe) > CAME_FOR_LENGTH else safe


def purpose_of(target: str | None) -> Purpose | None:
    """Return what the reader comes in for, or None. It reveals nothing that they may not see."""
    parts = urlsplit(safe_target(target))
    endpoint, values = _page_at(parts.path)
    if endpoint not in FINDERS:
        return None
    try:
        return FINDERS[endpoint](actor(), values, parts.fragment)
    except NotFound:
        return None


def invited_to(target: str | None) -> Mapping[str, Any] | None:
    """Return the values of the URL if the target is an invitation to a group, which has a sign-up
    of its own.
    """
    endpoint, values = _page_at(urlsplit(safe_target(target)).path)
    return values if endpoint == "invitation_pages.show" else None


def _is_companions(path: str) -> bool:
    """Whether a companion service answers there. It has our own domain, so this leads to no other
    site.
    """
    plain = unquote(path)
    return ".." not in plain.split("/") and plain.startswith(
        tuple(current_app.config["COMPANION_PATHS"])
    )


def _can_be_visited(path: str) -> bool:
    return _page_at(path)[0] not in {"", "sign_ins.new", "sign_ups.new"}


def _page_at(path: str) -> tuple[str, Mapping[str, Any]]:
    """Return the endpoint and the values of the page with this path; "" if there is none."""
    try:
        return current_app.url_map.bind("").match(unquote(path), method="GET")
    except RequestRedirect:
        return "redirect", {}
    except HTTPException:
        return "", {}
