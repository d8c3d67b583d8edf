"""The site's news, and its sources for admins."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...core.http.page_cache import cached_for_visitors
from ...core.http.permissions import admins_only, public
from ..access import SITE
from . import pages
from .pages import SourcesDesk

bp = Blueprint("site_sources", __name__, url_prefix="/admin/news")
DESK = SourcesDesk(SITE, "site_sources", {})


@bp.get("")
@admins_only
def index() -> ResponseReturnValue:
    """List the site's feeds with their status, and the form for another."""
    return pages.index(DESK)


@bp.post("")
@admins_only
def create() -> ResponseReturnValue:
    """Add a feed."""
    return pages.create(DESK)


@bp.get("/<uuid:source_id>")
@admins_only
def edit(source_id: UUID) -> ResponseReturnValue:
    """Show the form with a feed's name."""
    return pages.edit(DESK, source_id)


@bp.post("/<uuid:source_id>")
@admins_only
def update(source_id: UUID) -> ResponseReturnValue:
    """Rename a feed."""
    return pages.update(DESK, source_id)


@bp.post("/<uuid:source_id>/attempt")
@admins_only
def ask_again(source_id: UUID) -> ResponseReturnValue:
    """Fetch a feed now."""
    return pages.ask_again(DESK, source_id)


@bp.get("/<uuid:source_id>/removal")
@admins_only
def ask_removal(source_id: UUID) -> ResponseReturnValue:
    """Ask before a feed is removed."""
    return pages.ask_removal(DESK, source_id)


@bp.post("/<uuid:source_id>/removal")
@admins_only
def delete(source_id: UUID) -> ResponseReturnValue:
    """Remove a feed."""
    return pages.delete(DESK, source_id)


news_bp = Blueprint("site_news", __name__, url_prefix="/news")


@news_bp.get("", endpoint="index")
@public
@cached_for_visitors
def list_news() -> ResponseReturnValue:
    """List the items of the site's feeds, the latest first."""
    return pages.list_page(SITE)


@news_bp.get("/<uuid:item_id>", endpoint="show")
@public
@cached_for_visitors
def show_item(item_id: UUID) -> ResponseReturnValue:
    """Show one item."""
    return pages.item_page(SITE, item_id)
