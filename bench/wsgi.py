"""The application as served, with the constant response of `floor` in front of it."""

from collections.abc import Callable, Iterable
from typing import Any

from wsgi import app as app

from .floor import BODY, HEADERS, PATH

served = app.wsgi_app


def constant(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Return the constant response for PATH, and the application's for everything else."""
    if environ["PATH_INFO"] != PATH:
        return served(environ, start_response)
    start_response("200 OK", HEADERS)
    return [BODY]


app.wsgi_app = constant  # type: ignore[method-assign]
