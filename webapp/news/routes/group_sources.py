"""The sources of a group's news, for those who edit the group."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.permissions import permission
from .. import access
from . import choosing
from .choosing import Desk

bp = Blueprint("group_sources", __name__, url_prefix="/groups/<slug>/manage/news")


@bp.get("")
@permission("group:edit")
def index(slug: str) -> ResponseReturnValue:
    """The sources with how they stand, and the form for one more."""
    return choosing.index(_desk(slug))


@bp.post("")
@permission("group:edit")
def create(slug: str) -> ResponseReturnValue:
    """One more source."""
    return choosing.create(_desk(slug))


@bp.get("/<uuid:source_id>")
@permission("group:edit")
def edit(slug: str, source_id: UUID) -> ResponseReturnValue:
    """The form with a source's name."""
    return choosing.edit(_desk(slug), source_id)


@bp.post("/<uuid:source_id>")
@permission("group:edit")
def update(slug: str, source_id: UUID) -> ResponseReturnValue:
    """A source is called otherwise."""
    return choosing.update(_desk(slug), source_id)


@bp.post("/<uuid:source_id>/attempt")
@permission("group:edit")
def ask_again(slug: str, source_id: UUID) -> ResponseReturnValue:
    """A source is asked now."""
    return choosing.ask_again(_desk(slug), source_id)


@bp.get("/<uuid:source_id>/removal")
@permission("group:edit")
def ask_removal(slug: str, source_id: UUID) -> ResponseReturnValue:
    """Whether a source shall go."""
    return choosing.ask_removal(_desk(slug), source_id)


@bp.post("/<uuid:source_id>/removal")
@permission("group:edit")
def delete(slug: str, source_id: UUID) -> ResponseReturnValue:
    """A source is none any more."""
    return choosing.delete(_desk(slug), source_id)


def _desk(slug: str) -> Desk:
    return Desk(access.shelf_to_choose(current_user, slug), "group_sources", {"slug": slug})
