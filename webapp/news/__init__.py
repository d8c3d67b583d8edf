"""News from other sites, stored here so that pages don't wait for them."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..core.ui.navigation import AreaPage
from ..core.ui.to_do import TodoRule
from ..groups import managing
from . import access, guide, jobs as jobs, models as models, reads


def register(app: Flask) -> None:
    """Add the feature's pages and its job to the application."""
    from .routes import BLUEPRINTS

    managing.AREA.add(
        AreaPage(
            "news",
            "group_feeds.index",
            _l("News feeds"),
            "globe",
            "content",
            action=access.CHOOSE,
            is_in_use=lambda group, _user: group.has_news,
            hint=_l("Show news from other sites"),
            rank=1,
        )
    )
    managing.AREA.add_tasks(
        TodoRule(
            "news",
            reads.failing_in_words,
            reads.failing_in,
            "group_feeds.index",
            _l("Fix"),
            action=access.CHOOSE,
            moments=models.NewsSource.failing_since,
            says=reads.failing_since_in_words,
            rank=1,
        )
    )
    managing.viewable("news", _l("News"), "group_news.index")
    guide.register()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
