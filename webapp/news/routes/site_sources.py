"""The sources of the site's news, for its admins."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...core.permissions import admins_only
from ..access import SITE
from . import choosing
from .choosing import Desk

bp = Blueprint("site_sources", __name__, url_prefix="/admin/news")
DESK = Desk(SITE, "site_sources", {})


@bp.get("")
@admins_only
def index() -> ResponseReturnValue:
    """The sources with how they stand, and the form for one more."""
    return choosing.index(DESK)


@bp.post("")
@admins_only
def create() -> ResponseReturnValue:
    """One more source."""
    return choosing.create(DESK)


@bp.get("/<uuid:source_id>")
@admins_only
def edit(source_id: UUID) -> ResponseReturnValue:
    """The form with a source's name."""
    return choosing.edit(DESK, source_id)


@bp.post("/<uuid:source_id>")
@admins_only
def update(source_id: UUID) -> ResponseReturnValue:
    """A source is called otherwise."""
    return choosing.update(DESK, source_id)


@bp.post("/<uuid:source_id>/attempt")
@admins_only
def ask_again(source_id: UUID) -> ResponseReturnValue:
    """A source is asked now."""
    return choosing.ask_again(DESK, source_id)


@bp.get("/<uuid:source_id>/removal")
@admins_only
def ask_removal(source_id: UUID) -> ResponseReturnValue:
    """Whether a source shall go."""
    return choosing.ask_removal(DESK, source_id)


@bp.post("/<uuid:source_id>/removal")
@admins_only
def delete(source_id: UUID) -> ResponseReturnValue:
    """A source is none any more."""
    return choosing.delete(DESK, source_id)
