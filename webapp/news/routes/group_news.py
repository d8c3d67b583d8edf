"""A group's news."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.permissions import public
from ...core.validated import validated
from .. import access
from . import reading

bp = Blueprint("group_news", __name__, url_prefix="/groups/<slug>/news")


@bp.get("")
@public
@validated
def index(slug: str) -> ResponseReturnValue:
    """What the group's sources said, the latest first."""
    return reading.list_page(access.shelf_for(current_user, slug))


@bp.get("/<uuid:item_id>")
@public
@validated
def show(slug: str, item_id: UUID) -> ResponseReturnValue:
    """One item of it."""
    return reading.item_page(access.shelf_for(current_user, slug), item_id)
