"""What people say to each other at an event: the conversation's own pages, under the event's
access.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...conversation import access as rights
from ...conversation import threads
from ...conversation.models import Reply
from ...conversation.routes import removals, replies, thread_page, thread_state
from ...core.http import limits
from ...core.http.page_cache import cached_for_visitors
from ...core.http.permissions import permission, public, signed_in
from .. import access, comments
from ..comments import AtEvent

bp = Blueprint("comments", __name__, url_prefix="/events/<slug>/comments")


@bp.get("")
@public
@cached_for_visitors
def show(slug: str) -> ResponseReturnValue:
    """Show the comments, a page at a time or what is new; no sign-in is needed."""
    event = access.event_for(current_user, slug)
    return thread_page.show(AtEvent(event), comments.thread_of(event))


@bp.post("/replies")
@permission("event:comment")
@limits.writes_to_a_group
def create(slug: str) -> ResponseReturnValue:
    """Create a comment."""
    event = access.event_to(current_user, "event:comment", slug)
    rights.require(rights.can_reply(current_user, AtEvent(event), comments.thread_of(event)))
    return replies.create(AtEvent(event), comments.begun(event))


@bp.get("/replies/<uuid:reply_id>/edit")
@permission("event:comment")
def edit(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Show the form with the comment's text."""
    return replies.edit(*_reply(slug, reply_id))


@bp.post("/replies/<uuid:reply_id>/edit")
@permission("event:comment")
@limits.writes_to_a_group
def update(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Change the comment."""
    return replies.update(*_reply(slug, reply_id))


@bp.get("/replies/<uuid:reply_id>/history")
@permission("event:view")
def history(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Show the comment's earlier versions."""
    return replies.history(*_reply(slug, reply_id))


@bp.get("/replies/<uuid:reply_id>/removal")
@permission("event:view")
def ask(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Ask before the comment is deleted; hosts and moderators give a reason."""
    return removals.ask(*_reply(slug, reply_id))


@bp.post("/replies/<uuid:reply_id>/removal")
@permission("event:view")
def delete(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Delete the comment's text; its number stays."""
    return removals.remove(*_reply(slug, reply_id))


@bp.post("/replies/<uuid:reply_id>/showing")
@permission("event:moderate")
def unhide(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Show a hidden comment again."""
    return removals.unhide(*_reply(slug, reply_id))


@bp.post("/following")
@signed_in
def follow(slug: str) -> ResponseReturnValue:
    """Save how much of the comments the reader is notified of."""
    event = access.event_for(current_user, slug)
    return thread_state.follow(AtEvent(event), comments.begun(event))


@bp.post("/lock")
@permission("event:moderate")
def lock(slug: str) -> ResponseReturnValue:
    """Close the comments, except for moderators."""
    return _settle(slug, threads.lock, _("Closed: only hosts and moderators still write here."))


@bp.post("/lock/removal")
@permission("event:moderate")
def unlock(slug: str) -> ResponseReturnValue:
    """Open the comments again."""
    return _settle(slug, threads.unlock, _("People can write here again."))


def _reply(slug: str, reply_id: UUID) -> tuple[AtEvent, Reply]:
    event = access.event_for(current_user, slug)
    return AtEvent(event), rights.reply_in(comments.thread_of(event), reply_id)


def _settle(slug: str, deed: Callable[..., None], words: Any) -> ResponseReturnValue:
    event = access.event_for(current_user, slug)
    rights.require(access.can_moderate(current_user, event))
    return thread_state.apply(AtEvent(event), comments.begun(event), deed, words)
