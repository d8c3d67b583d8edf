"""A group's news, and its sources for those who edit the group."""

from flask import Blueprint
from flask_login import current_user

from ...core.http.permissions import permission
from .. import access
from .pages import SourcesDesk, mount_news, mount_sources

bp = Blueprint("group_sources", __name__, url_prefix="/groups/<slug>/manage/news")


def _desk(slug: str) -> SourcesDesk:
    return SourcesDesk(access.shelf_to_choose(current_user, slug), "group_sources", {"slug": slug})


mount_sources(bp, permission("group:edit"), _desk)

news_bp = Blueprint("group_news", __name__, url_prefix="/groups/<slug>/news")
mount_news(news_bp, lambda slug: access.shelf_for(current_user, slug))
