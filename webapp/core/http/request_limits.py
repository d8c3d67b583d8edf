"""Limits of what one request may contain, checked before it is parsed: a list is counted while it
is still bytes.

Werkzeug counts parts (MAX_FORM_PARTS), but not the fields of an urlencoded form, and not the
headers inside a part. Parsing a megabyte of either takes a second.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from flask import Flask, Request, current_app
from werkzeug import formparser
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import BLANK_LINE_RE, Field, File, MultipartDecoder, State

from ..library_internals import decode_multipart_with

#: The most bytes of headers in all parts of a form; a browser needs about 150 for each.
PART_HEADERS = 128 * 1024
#: The most bytes of a request's headers with its URL, as nginx allows by default.
HEADERS = 32 * 1024


class CountingDecoder(MultipartDecoder):
    """A decoder that refuses headers of parts before it splits them, and parts without a name."""

    headers_seen = 0

    def next_event(self) -> Any:
        """Return the next event. Raises ValueError for a form that no browser sends."""
        if self.state == State.PART:
            end = BLANK_LINE_RE.search(self.buffer)
            self.headers_seen += end.start() if end else 0
            if self.headers_seen + (0 if end else len(self.buffer)) > PART_HEADERS:
                raise RequestEntityTooLarge()
        event = super().next_event()
        if isinstance(event, Field | File) and event.name is None:
            raise ValueError("This part of the form has no name.")
        return event


decode_multipart_with(CountingDecoder)


class CountingFormParser(formparser.FormDataParser):
    """A parser that counts the fields of an urlencoded form first."""

    def parse(self, stream: Any, mimetype: str, *rest: Any, **options: Any) -> Any:
        """Return what the form has. Raises RequestEntityTooLarge for too many fields."""
        if mimetype == "application/x-www-form-urlencoded":
            stream = _counted(stream)
        return super().parse(stream, mimetype, *rest, **options)


def _counted(stream: Any) -> BytesIO:
    config = current_app.config
    body = stream.read(config["MAX_CONTENT_LENGTH"] + 1)
    is_long = len(body) > config["MAX_CONTENT_LENGTH"]
    if is_long or body.count(b"&") >= config["MAX_FORM_FIELDS"]:
        raise RequestEntityTooLarge()
    return BytesIO(body)


class LimitedRequest(Request):
    """A request whose form is counted before it is parsed."""

    form_data_parser_class = CountingFormParser


class HeaderLimit:
    """The application, without requests whose headers are too long."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer 431 if the URL and the headers are longer than HEADERS."""
        length = len(environ.get("QUERY_STRING", "")) + len(environ["PATH_INFO"])
        for name, value in environ.items():
            if name.startswith("HTTP_"):
                length += len(value)
        if length <= HEADERS:
            return self.application(environ, start_response)
        start_response(
            "431 Request Header Fields Too Large",
            [("Content-Type", "text/plain"), ("Cache-Control", "no-store")],
        )
        return [b"The request's headers are too long. Delete this site's cookies, and try again.\n"]


def init_app(app: Flask) -> None:
    """Check headers before anything reads them. Call this after other middleware is added."""
    app.wsgi_app = HeaderLimit(app.wsgi_app)  # type: ignore[method-assign]
