"""Absolute URLs, built from SITE_URL. The Host header of a request is never used."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from werkzeug.routing import MapAdapter

from .. import site_settings


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
