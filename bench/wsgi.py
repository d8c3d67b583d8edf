"""The application as it is served, with one more answer in front of it: the floor that every row
is compared to.
"""

from collections.abc import Callable, Iterable
from typing import Any

from wsgi import app as app

from .floor import BODY, HEADERS, PATH

served = app.wsgi_app


def constant(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same bytes for PATH; everything else is the application's."""
    if environ["PATH_INFO"] != PATH:
        return served(environ, start_response)
    start_response("200 OK", HEADERS)
    return [BODY]


app.wsgi_app = constant  # type: ignore[method-assign]
