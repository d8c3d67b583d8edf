"""The site's news, and its sources for admins."""

from flask import Blueprint

from ...core.http.permissions import admins_only
from ..access import SITE
from .pages import SourcesDesk, mount_news, mount_sources

bp = Blueprint("site_sources", __name__, url_prefix="/admin/news")
mount_sources(bp, admins_only, lambda: SourcesDesk(SITE, "site_sources", {}))

news_bp = Blueprint("site_news", __name__, url_prefix="/news")
mount_news(news_bp, lambda: SITE)
