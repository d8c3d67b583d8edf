"""Absolute URLs, built from SITE_URL. The Host header of a request is never used."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from werkzeug.routing import MapAdapter, Rule

from .. import site_settings


class Route(Rule):
    """Werkzeug's rule, which compiles its URL builder only when it is needed."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        """Return a builder that compiles the real one at its first call, then is replaced by it."""
        name, compiled = "_build_unknown" if append_unknown else "_build", super()._compile_builder

        def build(route: Any, /, **values: Any) -> tuple[str, str]:
            builder = compiled(append_unknown).__get__(route, None)
            setattr(route, name, builder)
            return builder(**values)

        return build


def init_app(app: Flask) -> None:
    """Add `external("events.show", slug=…)` and `absolute("/path")` to templates."""
    app.jinja_env.globals.update(external=external, absolute=absolute)


def external(endpoint: str, _anchor: str = "", **values: Any) -> str:
    """Return the absolute URL of an endpoint, as emails and calendars need it."""
    address = _site().build(endpoint, values, force_external=True)
    return f"{address}#{_anchor}" if _anchor else address


def absolute(path: str) -> str:
    """Return the absolute URL of a path of this site."""
    return current_app.config["SITE_URL"] + path


def sender() -> tuple[str, str]:
    """Return the sender's name and address for all emails of the site."""
    return site_settings.value("SITE_NAME"), current_app.config["MAIL_DEFAULT_SENDER"][1]


def _site() -> MapAdapter:
    address = urlsplit(current_app.config["SITE_URL"])
    return current_app.url_map.bind(
        address.netloc, script_name=address.path or "/", url_scheme=address.scheme
    )
