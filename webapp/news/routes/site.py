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
    """The sources with how they stand, and the form for one more."""
    return pages.index(DESK)


@bp.post("")
@admins_only
def create() -> ResponseReturnValue:
    """One more source."""
    return pages.create(DESK)


@bp.get("/<uuid:source_id>")
@admins_only
def edit(source_id: UUID) -> ResponseReturnValue:
    """The form with a source's name."""
    return pages.edit(DESK, source_id)


@bp.post("/<uuid:source_id>")
@admins_only
def update(source_id: UUID) -> ResponseReturnValue:
    """A source is called otherwise."""
    return pages.update(DESK, source_id)


@bp.post("/<uuid:source_id>/attempt")
@admins_only
def ask_again(source_id: UUID) -> ResponseReturnValue:
    """A source is asked now."""
    return pages.ask_again(DESK, source_id)


@bp.get("/<uuid:source_id>/removal")
@admins_only
def ask_removal(source_id: UUID) -> ResponseReturnValue:
    """Whether a source should go."""
    return pages.ask_removal(DESK, source_id)


@bp.post("/<uuid:source_id>/removal")
@admins_only
def delete(source_id: UUID) -> ResponseReturnValue:
    """A source is none any more."""
    return pages.delete(DESK, source_id)


news_bp = Blueprint("site_news", __name__, url_prefix="/news")


@news_bp.get("", endpoint="index")
@public
@cached_for_visitors
def list_news() -> ResponseReturnValue:
    """What the site's sources said, the latest first."""
    return pages.list_page(SITE)


@news_bp.get("/<uuid:item_id>", endpoint="show")
@public
@cached_for_visitors
def show_item(item_id: UUID) -> ResponseReturnValue:
    """One item of it."""
    return pages.item_page(SITE, item_id)
