"""Headers that every response must have, and who may cache it (TRUST 3.4, 14.3.2)."""

from typing import Any

from webapp.core.http.page_cache import REFUSALS
from webapp.core.http.security_headers import HEADERS

_CSP, _FEATURES = "Content-Security-Policy", "Permissions-Policy"
#: Headers that these routes set themselves: emails in frames and pages viewed as someone else can't
#: submit forms, downloads can't do anything, and check-in may use the camera.
OWN = {
    **dict.fromkeys(
        ("event_view_as.show", "dev_mailbox_html.show", "group_view_as.show", "event_files.show"),
        _CSP,
    ),
    **dict.fromkeys(("check_in.show", "check_in.create"), _FEATURES),
}


def weak_in(answer: Any, endpoint: str = "") -> list[str]:
    """Return the headers that are missing or reveal too much; some routes set one of them
    themselves.
    """
    wrong = [name for name in HEADERS if name not in answer.headers]
    wrong += [
        name
        for name, value in HEADERS.items()
        if answer.headers.get(name) != value and name != OWN.get(endpoint)
    ]
    wrong += [
        name
        for name in dict(answer.headers)
        if name.lower().startswith("access-control-") or name == "Server"
    ]
    csp = answer.headers.get("Content-Security-Policy", "")
    wrong += [
        word for word in ("unsafe-inline", "unsafe-eval", "*", "data:", "http:") if word in csp
    ]
    return wrong


def kept_wrongly(answer: Any, endpoint: str, by_visitor: bool) -> bool:
    """Whether a response to GET may be cached by someone who may not.

    Private responses aren't cached, visitors' pages and refusals in their place are revalidated,
    pictures are cached for good,
    because a changed picture has another URL (decision 19).
    """
    kept, kind = answer.headers.get("Cache-Control", ""), answer.mimetype
    if answer.status_code == 304 or endpoint == "streams.show":
        return False
    if kind == "image/webp":
        return bool(kept != "private, max-age=31536000, immutable")
    if (
        by_visitor
        and answer.status_code in {200, *REFUSALS}
        and kind in {"text/html", "text/calendar", "application/manifest+json"}
        and "public" in kept
    ):
        vary = {word.strip() for word in answer.headers.get("Vary", "").split(",")}
        is_asked_for = "no-cache" in kept or {"max-age=0", "must-revalidate"} <= set(
            kept.split(", ")
        )
        shown = {"Cookie", "HX-Request", "Accept-Language"}
        if answer.status_code == 200:
            shown.add("HX-Target")
        return not is_asked_for or not shown <= vary
    return "no-store" not in kept
