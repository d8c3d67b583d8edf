"""What people say to each other about a vote: the conversation's own pages, under the vote's
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
from ...core.http.permissions import permission
from .. import access, comments
from ..comments import VoteContainer

bp = Blueprint("vote_comments", __name__, url_prefix="/votes/<slug>/comments")


@bp.get("")
@permission("vote:view")
def show(slug: str) -> ResponseReturnValue:
    """Show the comments, a page at a time or what is new."""
    vote = access.vote_for(current_user, slug)
    return thread_page.show(VoteContainer(vote), comments.thread_of(vote))


@bp.post("/replies")
@permission("vote:comment")
@limits.writes_to_a_group
def create(slug: str) -> ResponseReturnValue:
    """Create a comment."""
    vote = access.vote_for(current_user, slug)
    rights.require(rights.can_reply(current_user, VoteContainer(vote), comments.thread_of(vote)))
    return replies.create(VoteContainer(vote), comments.begun(vote))


@bp.get("/replies/<uuid:reply_id>/edit")
@permission("vote:comment")
def edit(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Show the form with the comment's text."""
    return replies.edit(*_reply(slug, reply_id))


@bp.post("/replies/<uuid:reply_id>/edit")
@permission("vote:comment")
@limits.writes_to_a_group
def update(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Change the comment."""
    return replies.update(*_reply(slug, reply_id))


@bp.get("/replies/<uuid:reply_id>/history")
@permission("vote:view")
def history(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Show the comment's earlier versions."""
    return replies.history(*_reply(slug, reply_id))


@bp.get("/replies/<uuid:reply_id>/removal")
@permission("vote:view")
def ask(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Ask before the comment is deleted; moderators give a reason."""
    return removals.ask(*_reply(slug, reply_id))


@bp.post("/replies/<uuid:reply_id>/removal")
@permission("vote:view")
def delete(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Delete the comment's text; its number stays."""
    return removals.remove(*_reply(slug, reply_id))


@bp.post("/replies/<uuid:reply_id>/showing")
@permission("vote:moderate")
def unhide(slug: str, reply_id: UUID) -> ResponseReturnValue:
    """Show a hidden comment again."""
    return removals.unhide(*_reply(slug, reply_id))


@bp.post("/following")
@permission("vote:view")
def follow(slug: str) -> ResponseReturnValue:
    """Save how much of the comments the reader is notified of."""
    vote = access.vote_for(current_user, slug)
    return thread_state.follow(VoteContainer(vote), comments.begun(vote))


@bp.post("/lock")
@permission("vote:moderate")
def lock(slug: str) -> ResponseReturnValue:
    """Close the comments, except for moderators."""
    return _settle(slug, threads.lock, _("Closed: only moderators still write here."))


@bp.post("/lock/removal")
@permission("vote:moderate")
def unlock(slug: str) -> ResponseReturnValue:
    """Open the comments again."""
    return _settle(slug, threads.unlock, _("People can write here again."))


def _reply(slug: str, reply_id: UUID) -> tuple[VoteContainer, Reply]:
    vote = access.vote_for(current_user, slug)
    return VoteContainer(vote), rights.reply_in(comments.thread_of(vote), reply_id)


def _settle(slug: str, deed: Callable[..., None], words: Any) -> ResponseReturnValue:
    vote = access.vote_for(current_user, slug)
    rights.require(access.can_moderate(current_user, vote))
    return thread_state.apply(VoteContainer(vote), comments.begun(vote), deed, words)
