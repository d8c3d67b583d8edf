"""How a page answers: whole, or the part that htmx asked for."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

#: Answers that are evened have a multiple of so many bytes.
STEP = 32 * 1024


def render_page(
    template: str, fragments: Mapping[str, str] | None = None, status: int = 200, **context: Any
) -> Response:
    """The page, or the fragment whose root id is htmx's target when the route names it in
    `fragments`.

    A part that this page does not have becomes a real visit, so that a redirect may lead from any
    form to any page.
    """
    wanted = wanted_fragment()
    context["current_user"] = (
        current_user._get_current_object()
    )  # the row itself: templates ask it dozens of times
    visit = False
    if wanted is not None:
        if wanted in (fragments or {}):
            template = (fragments or {})[wanted]
        else:
            visit = request.method == "GET" and request.headers.get("HX-Request-Type") == "partial"
    is_part = wanted is not None and not visit
    context |= {"fragment": is_part, "sent_by": sending_form() if is_part else ""}
    response = make_response("" if visit else render_template(template, **context), status)
    if visit:
        response.headers["HX-Redirect"] = request.full_path.rstrip("?")
    response.vary.update(["HX-Request", "HX-Target"])
    return response


def wanted_fragment() -> str | None:
    """The id that htmx will swap (“” when its target has none); None when a browser asks for a
    page.
    """
    if request.headers.get("HX-Request") != "true":
        return None
    return request.headers.get("HX-Target", "").partition("#")[2]


def sending_form() -> str:
    """The id of the form whose change the page shows by htmx; "" where a part refreshes itself, a
    browser asks, or the form was refused.
    """
    tag, _, form = request.headers.get("HX-Source", "").partition("#")
    return form if tag == "form" and request.method == "GET" else ""


def redirect_303(url: str) -> BaseResponse:
    """Go there, with GET."""
    return redirect(url, 303)


def uncached(response: Response) -> Response:
    """The answer is kept by nobody, not even by the browser for the way back."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def padded(response: Response) -> Response:
    """The answer is as long as others of its kind, to the byte: proxies note the length beside
    address and moment, and anyone who listens on the line sees it. So it is not compressed either,
    and ends in blanks."""
    if not response.is_streamed and "Location" not in response.headers:
        body = response.get_data()
        response.set_data(body + b" " * (-len(body) % STEP))
        request.environ.pop("HTTP_ACCEPT_ENCODING", None)
    return response


def list_url(endpoint: str) -> str:
    """This list's address with its own query, but for the place in the list."""
    kept = {
        name: value
        for name, value in request.args.items()
        if name not in {"page", "after", "before"} and value
    }
    return url_for(endpoint, **{**(request.view_args or {}), **kept})


class Page:
    """One page of a list: `items`, and where it is in the whole.

    `has_more`: the whole ends here, but there is more.
    """

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
        """How many pages there are, at least one."""
        return max(1, ceil(self.total / self.size))

    @property
    def previous(self) -> int | None:
        """The number of the page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, if there is one."""
        return self.number + 1 if self.number < self.count else None

    @property
    def first(self) -> int:
        """The place of the first item in the whole, from 1."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The place of the last item in the whole."""
        return min(self.number * self.size, self.total)


def page_number() -> int:
    """The page asked for in `?page=`, at least 1; nonsense is 1."""
    number = request.args.get("page", 1, type=int) or 1
    return min(max(1, number), 100_000)
