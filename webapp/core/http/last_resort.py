"""What fails outside of Flask, where no error handler reaches."""

import secrets
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask

log = structlog.get_logger(__name__)

#: In English: whatever knows the reader's language may be what failed.
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Something went wrong</title>
<h1>Something went wrong</h1>
<p>Try again in a moment. If it keeps happening,
tell the people who run this site: reference {reference}.</p></html>
"""


class LastResort:
    """What fails outside of Flask is answered and logged here: the server's own line would hold
    the whole address.
    """

    def __init__(self, app: Flask) -> None:
        self.application: Callable[..., Iterable[bytes]] = app.wsgi_app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The application's answer, or a plain page that needs nothing."""
        try:
            return self.application(environ, start_response)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("unhandled_outside_of_flask", reference=number)
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
            start_response("500 Internal Server Error", headers)
            return [PAGE.format(reference=number).encode()]


def init_app(app: Flask) -> None:
    """Nothing that fails gets past the application.

    To be called last, when nothing else is put around it.
    """
    app.wsgi_app = LastResort(app)  # type: ignore[method-assign]
