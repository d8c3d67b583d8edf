"""News from outside: what other sites say, kept here so that nobody waits for them."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..groups import managing
from . import access, guide, reads
from . import jobs as jobs
from . import models as models


def register(app: Flask) -> None:
    """The feature's pages and its job are part of the application."""
    from .routes import BLUEPRINTS

    managing.page("news", "group_feeds.index", _l("News"), access.CHOOSE, "globe", about_group=True)
    managing.waiting(
        "news",
        _l("News feeds that aren’t working"),
        reads.failing_in,
        "group_feeds.index",
        access.CHOOSE,
    )
    managing.viewable("news", _l("News"), "group_news.index")
    guide.register()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
