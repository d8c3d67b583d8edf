"""A group's news, and its sources for those who edit the group."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.page_cache import cached_for_visitors
from ...core.http.permissions import permission, public
from .. import access
from . import pages
from .pages import SourcesDesk

bp = Blueprint("group_sources", __name__, url_prefix="/groups/<slug>/manage/news")


@bp.get("")
@permission("group:edit")
def index(slug: str) -> ResponseReturnValue:
    """List the group's feeds with their status, and the form for another."""
    return pages.index(_desk(slug))


@bp.post("")
@permission("group:edit")
def create(slug: str) -> ResponseReturnValue:
    """Add a feed."""
    return pages.create(_desk(slug))


@bp.get("/<uuid:source_id>")
@permission("group:edit")
def edit(slug: str, source_id: UUID) -> ResponseReturnValue:
    """Show the form with a feed's name."""
    return pages.edit(_desk(slug), source_id)


@bp.post("/<uuid:source_id>")
@permission("group:edit")
def update(slug: str, source_id: UUID) -> ResponseReturnValue:
    """Rename a feed."""
    return pages.update(_desk(slug), source_id)


@bp.post("/<uuid:source_id>/attempt")
@permission("group:edit")
def ask_again(slug: str, source_id: UUID) -> ResponseReturnValue:
    """Fetch a feed now."""
    return pages.ask_again(_desk(slug), source_id)


@bp.get("/<uuid:source_id>/removal")
@permission("group:edit")
def ask_removal(slug: str, source_id: UUID) -> ResponseReturnValue:
    """Ask before a feed is removed."""
    return pages.ask_removal(_desk(slug), source_id)


@bp.post("/<uuid:source_id>/removal")
@permission("group:edit")
def delete(slug: str, source_id: UUID) -> ResponseReturnValue:
    """Remove a feed."""
    return pages.delete(_desk(slug), source_id)


def _desk(slug: str) -> SourcesDesk:
    return SourcesDesk(access.shelf_to_choose(current_user, slug), "group_sources", {"slug": slug})


news_bp = Blueprint("group_news", __name__, url_prefix="/groups/<slug>/news")


@news_bp.get("", endpoint="index")
@public
@cached_for_visitors
def list_news(slug: str) -> ResponseReturnValue:
    """List the items of the group's feeds, the latest first."""
    return pages.list_page(access.shelf_for(current_user, slug))


@news_bp.get("/<uuid:item_id>", endpoint="show")
@public
@cached_for_visitors
def show_item(slug: str, item_id: UUID) -> ResponseReturnValue:
    """Show one item."""
    return pages.item_page(access.shelf_for(current_user, slug), item_id)
