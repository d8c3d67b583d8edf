"""Writing in a thread of a group, changing what one wrote, and what it said before."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core import limits
from ...core.permissions import permission
from .. import access
from . import writing

bp = Blueprint(
    "replies", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>/replies"
)


@bp.post("")
@permission(access.WRITE)
@limits.writes_to_a_group
def create(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """The thread has one reply more, or the form comes back with a look at how it will read."""
    return writing.create(*access.thread_for(current_user, slug, thread_id, access.WRITE))


@bp.get("/<uuid:reply_id>/edit")
@permission(access.WRITE)
def edit(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """The words, to be changed."""
    return writing.edit(*access.reply_for(current_user, slug, thread_id, reply_id, access.WRITE))


@bp.post("/<uuid:reply_id>/edit")
@permission(access.WRITE)
@limits.writes_to_a_group
def update(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """The words are changed, or a look at them; where somebody was faster both texts stand side
    by side.
    """
    return writing.update(*access.reply_for(current_user, slug, thread_id, reply_id, access.WRITE))


@bp.get("/<uuid:reply_id>/history")
@permission(access.READ)
def history(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """Every version of what was written, with its date."""
    return writing.history(*access.reply_for(current_user, slug, thread_id, reply_id))
