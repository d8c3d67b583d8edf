"""Where someone continues after signing in: a page of this site, or the first page."""

import re
from urllib.parse import unquote, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

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


def _is_companions(path: str) -> bool:
    """Whether a companion service answers there. It has our own domain, so this leads to no other
    site.
    """
    plain = unquote(path)
    return ".." not in plain.split("/") and plain.startswith(
        tuple(current_app.config["COMPANION_PATHS"])
    )


def _can_be_visited(path: str) -> bool:
    try:
        endpoint, _values = current_app.url_map.bind("").match(unquote(path), method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return endpoint not in {"sign_ins.new", "sign_ups.new"}
