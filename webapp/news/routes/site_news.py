"""The site's news."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...core.permissions import public
from ...core.validated import validated
from ..access import SITE
from . import reading

bp = Blueprint("site_news", __name__, url_prefix="/news")


@bp.get("")
@public
@validated
def index() -> ResponseReturnValue:
    """What the site's sources said, the latest first."""
    return reading.list_page(SITE)


@bp.get("/<uuid:item_id>")
@public
@validated
def show(item_id: UUID) -> ResponseReturnValue:
    """One item of it."""
    return reading.item_page(SITE, item_id)
