"""Whole addresses: from SITE_URL, never from what a request called us, and the same where there
is no request.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from werkzeug.routing import MapAdapter, Rule

from .. import site_settings


class Route(Rule):
    """As Werkzeug's rule, but for when it compiles what builds its addresses."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        """Gives what compiles the builder as it is first called, and takes its own place by it."""
        name, compiled = "_build_unknown" if append_unknown else "_build", super()._compile_builder

        def build(route: Any, /, **values: Any) -> tuple[str, str]:
            builder = compiled(append_unknown).__get__(route, None)
            setattr(route, name, builder)
            return builder(**values)

        return build


def init_app(app: Flask) -> None:
    """`external("events.show", slug=…)` and `absolute("/path")` in templates."""
    app.jinja_env.globals.update(external=external, absolute=absolute)


def external(endpoint: str, _anchor: str = "", **values: Any) -> str:
    """The whole address of an endpoint, as an email or a calendar needs it."""
    address = _site().build(endpoint, values, force_external=True)
    return f"{address}#{_anchor}" if _anchor else address


def absolute(path: str) -> str:
    """The whole address of one of our own paths, such as an inbox line's."""
    return current_app.config["SITE_URL"] + path


def sender() -> tuple[str, str]:
    """The name and the address that everything which the site sends comes from."""
    return site_settings.value("SITE_NAME"), current_app.config["MAIL_DEFAULT_SENDER"][1]


def _site() -> MapAdapter:
    address = urlsplit(current_app.config["SITE_URL"])
    return current_app.url_map.bind(
        address.netloc, script_name=address.path or "/", url_scheme=address.scheme
    )
