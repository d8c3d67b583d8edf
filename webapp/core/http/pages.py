"""Answer with a page, or with the fragment that htmx asked for."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from ..ui.look_alikes import with_handles
from . import form_recovery

#: Padded answers are a multiple of this many bytes.
STEP = 32 * 1024
#: Pages that say that what a form was about is gone; they show what was written into it.
GONE = {404, 410}


def render_page(
    template: str, fragments: Mapping[str, str] | None = None, status: int = 200, **context: Any
) -> Response:
    """Render the page, or the fragment in `fragments` whose root id is htmx's target.

    If the page has no such fragment the browser is sent to the whole page. So a form may redirect
    to any page. What was written into a refused form is never lost (`form_recovery.check`).
    """
    part = wanted_fragment()
    context["current_user"] = (
        current_user._get_current_object()
    )  # the user itself: templates read it dozens of times
    visit = False
    if part is not None:
        if part in (fragments or {}):
            template = (fragments or {})[part]
        else:
            visit = request.method == "GET" and request.headers.get("HX-Request-Type") == "partial"
    is_part = part is not None and not visit
    context |= {"fragment": is_part, "sent_by": sending_form() if is_part else ""}
    if status in GONE:
        context["texts_to_copy"] = form_recovery.to_copy(status)
        context["has_lost_files"] = form_recovery.has_lost_files(status)
    body = "" if visit else with_handles(render_template(template, **context))
    form_recovery.check(status, body)
    response = make_response(body, status)
    if visit:
        response.headers["HX-Redirect"] = request.full_path.rstrip("?")
    response.vary.update(["HX-Request", "HX-Target"])
    return response


def wanted_fragment() -> str | None:
    """Return the id that htmx will swap ("" if its target has none); None if a browser asks for a
    page.
    """
    if request.headers.get("HX-Request") != "true":
        return None
    return request.headers.get("HX-Target", "").partition("#")[2]


def sending_form() -> str:
    """Return the id of the form that was sent by htmx's GET request.

    "" if a fragment refreshes itself, a browser asks, or the form was refused.
    """
    tag, _, form = request.headers.get("HX-Source", "").partition("#")
    return form if tag == "form" and request.method == "GET" else ""


def redirect_303(url: str) -> BaseResponse:
    """Redirect with GET."""
    return redirect(url, 303)


def uncached(response: Response) -> Response:
    """Forbid caching, even for the Back button."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def padded(response: Response) -> Response:
    """Pad the answer to a fixed size, and don't compress it.

    Proxies log an answer's length, and eavesdroppers see it. So it must not tell answers of a kind
    apart.
    """
    if not response.is_streamed and "Location" not in response.headers:
        body = response.get_data()
        response.set_data(body + b" " * (-len(body) % STEP))
        request.environ.pop("HTTP_ACCEPT_ENCODING", None)
    return response


def list_url(endpoint: str) -> str:
    """Return this list's URL with its query, but without the page."""
    kept = {
        name: value
        for name, value in request.args.items()
        if name not in {"page", "after", "before"} and value
    }
    return url_for(endpoint, **{**(request.view_args or {}), **kept})


class Page:
    """One page of a list. `has_more`: the count stopped at `total` although there are more."""

    def __init__(
        self, items: list[Any], total: int, number: int, size: int, has_more: bool = False
    ) -> None:
        self.items = items
        self.total = total
        self.number = number
        self.size = size
        self.has_more = has_more

    @property
    def count(self) -> int:
        """The number of pages, at least one."""
        return max(1, ceil(self.total / self.size))

    @property
    def previous(self) -> int | None:
        """The number of the previous page, or None."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the next page, or None."""
        return self.number + 1 if self.number < self.count else None

    @property
    def first(self) -> int:
        """The number of the first item in the whole list, from 1."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the last item in the whole list."""
        return min(self.number * self.size, self.total)


def page_number() -> int:
    """Return the page in `?page=`, at least 1; 1 if it isn't a number."""
    number = request.args.get("page", 1, type=int) or 1
    return min(max(1, number), 100_000)
