"""Folkmoot: people, groups, events and decisions in one place.

`FEATURES` lists the packages of its features, in the order in which they are registered.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from types import NoneType
from typing import Any
from uuid import UUID

from flask import Flask, request
from flask_login import current_user

from . import config
from .core import i18n, live, redis_client, site_settings
from .core.db import idempotency, migrations
from .core.extensions import compress, csrf, db, login_manager
from .core.http import (
    concurrency,
    errors,
    limits,
    links,
    page_cache,
    request_limits,
    security_headers,
    static_files,
    tokens,
    uploads,
)
from .core.http.pages import list_url
from .core.http.session_cookie import SessionCookie
from .core.jobs import cli, queue
from .core.observability import logs, metrics
from .core.storage import files
from .core.text import markdown
from .core.ui import template_globals
from .core.ui.template_engine import FastEnvironment

FEATURES = [
    "mail",
    "accounts",
    "notifications",
    "groups",
    "news",
    "invitations",
    "people",
    "moderation",
    "conversation",
    "events",
    "attendance",
    "agenda",
    "volunteering",
    "event_files",
    "voting",
    "home",
    "privacy",
    "ops",
    "admin",
]


class _App(Flask):
    """Flask with faster versions of methods that every page calls dozens of times."""

    session_interface = SessionCookie()
    jinja_environment: Any = FastEnvironment
    request_class = request_limits.LimitedRequest

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, **options)
        self._path_to = lru_cache(8192, typed=True)(self._built)

    def ensure_sync(self, func: Any) -> Any:
        """Return the view itself. Flask checks at each call whether it is asynchronous; ours never
        are.
        """
        return func

    def log_exception(self, exc_info: Any) -> None:
        """Leave it to `errors`: Flask's line has the path, which may contain a secret."""

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Return the path of an endpoint, cached by its values.

        Outside requests, for relative endpoints, and for values of other types Flask builds the
        URL.
        """
        try:
            root = request._get_current_object().root_path  # type: ignore[attr-defined]
        except RuntimeError:
            return super().url_for(endpoint, **values)
        is_whole = endpoint[0] != "."  # a leading "." means the request's blueprint
        if is_whole and _IN_PATHS.issuperset(map(type, values.values())):
            return self._path_to(root, endpoint, **values)
        return super().url_for(endpoint, **values)

    def _built(self, _root: str, endpoint: str, **values: Any) -> str:
        return super().url_for(endpoint, **values)


#: The types of values by which a path may be cached.
_IN_PATHS = {str, int, UUID, NoneType}


def create_app(**overrides: Any) -> Flask:
    """Create the application with settings from the environment, which `overrides` replace.

    Starts no thread and doesn't access the database.
    """
    app = _App(__name__, static_folder=None, template_folder=str(config.ROOT / "templates"))
    app.config.from_mapping(config.load(**overrides))
    for core in (tokens, logs, metrics, errors, i18n, redis_client, limits):
        core.init_app(app)
    db.init_app(app)
    migrations.init_app(app)
    uploads.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app, add_context_processor=False)
    concurrency.init_app(app)
    page_cache.init_app(app)  # registered before compression, so it caches compressed responses
    compress.init_app(app)
    compress.compress_mimetypes_set.add("text/calendar")  # feeds are long and repetitive
    app.after_request(page_cache.set_cache_headers)
    for core in (static_files, security_headers, links, site_settings, queue, files, live, cli):
        core.init_app(app)
    _templates(app)
    for feature in _features():
        feature.register(app)
    request_limits.init_app(app)
    errors.add_last_resort(app)
    return app


def _features() -> Iterable[Any]:
    return [import_module(f".{name}", __name__) for name in FEATURES]


def _templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(markdown=markdown.render, plain=markdown.plain)
    app.jinja_env.globals.update(
        current_user=current_user,
        list_url=list_url,
        new_idempotency_key=idempotency.new_key,
    )
    template_globals.register(app)
