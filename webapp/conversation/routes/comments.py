"""The routes of comments, mounted by `events.routes.event_page` and `voting.routes.comments`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.permissions import permission
from ...core.http.uploads import uploads
from .. import access, threads
from ..comments import CommentsContainer
from ..models import Reply
from . import pictures, removals, replies, threads as thread_state

#: Returns the subject of comments by its slug, if the reader may see it. Raises NotFound.
Loader = Callable[[str], CommentsContainer]


def mount(bp: Blueprint, kind: str, container_for: Loader, closed: Any) -> None:
    """Add all routes of comments to the blueprint, except the page itself.

    `kind` is the first word of the permissions ("vote:comment"), `closed` the message after closing
    comments.
    """
    _write(bp, kind, container_for)
    _edit(bp, kind, container_for)
    _remove(bp, kind, container_for)
    _manage(bp, kind, container_for, closed)


def _write(bp: Blueprint, kind: str, container_for: Loader) -> None:
    def writable(slug: str) -> CommentsContainer:
        container = container_for(slug)
        access.require(access.can_reply(current_user, container, container.thread()))
        return container

    def too_large(refused: UserError, slug: str) -> ResponseReturnValue:
        container = writable(slug)
        return replies.too_large(container, container.thread(), refused)

    @bp.post("/replies")
    @permission(f"{kind}:comment")
    @limits.writes_to_a_group
    @uploads(too_large, several=True, beside=True)
    def create(slug: str) -> ResponseReturnValue:
        """Create a comment."""
        container = writable(slug)
        return replies.create(container, container.thread(), container.begin)

    @bp.post("/replies/<uuid:reply_id>/reactions")
    @permission(f"{kind}:comment")
    def react(slug: str, reply_id: UUID) -> ResponseReturnValue:
        """React to the comment, or take a reaction back."""
        return replies.react(*_reply(container_for(slug), reply_id))

    @bp.get("/replies/<uuid:reply_id>/pictures/<uuid:image_id>/<int:size>")
    @permission(f"{kind}:view")
    def image(slug: str, reply_id: UUID, image_id: UUID, size: int) -> ResponseReturnValue:
        """Serve a picture in a comment as we encoded it."""
        return pictures.answer(*_reply(container_for(slug), reply_id), image_id, size)


def _edit(bp: Blueprint, kind: str, container_for: Loader) -> None:
    def too_large(refused: UserError, slug: str, reply_id: UUID) -> ResponseReturnValue:
        return replies.edit_too_large(*_reply(container_for(slug), reply_id), refused)

    @bp.get("/replies/<uuid:reply_id>/edit")
    @permission(f"{kind}:comment")
    def edit(slug: str, reply_id: UUID) -> ResponseReturnValue:
        """Show the form with the comment's text."""
        return replies.edit(*_reply(container_for(slug), reply_id))

    @bp.post("/replies/<uuid:reply_id>/edit")
    @permission(f"{kind}:comment")
    @limits.writes_to_a_group
    @uploads(too_large, several=True, beside=True)
    def update(slug: str, reply_id: UUID) -> ResponseReturnValue:
        """Change the comment."""
        return replies.update(*_reply(container_for(slug), reply_id))

    @bp.get("/replies/<uuid:reply_id>/history")
    @permission(f"{kind}:view")
    def history(slug: str, reply_id: UUID) -> ResponseReturnValue:
        """Show the comment's earlier versions."""
        return replies.history(*_reply(container_for(slug), reply_id))


def _remove(bp: Blueprint, kind: str, container_for: Loader) -> None:
    @bp.get("/replies/<uuid:reply_id>/removal")
    @permission(f"{kind}:view")
    def ask(slug: str, reply_id: UUID) -> ResponseReturnValue:
        """Ask before the comment is deleted; moderators give a reason."""
        return removals.ask(*_reply(container_for(slug), reply_id))

    @bp.post("/replies/<uuid:reply_id>/removal")
    @permission(f"{kind}:view")
    def delete(slug: str, reply_id: UUID) -> ResponseReturnValue:
        """Delete the comment's text; its number stays."""
        return removals.remove(*_reply(container_for(slug), reply_id))

    @bp.post("/replies/<uuid:reply_id>/showing")
    @permission(f"{kind}:moderate")
    def unhide(slug: str, reply_id: UUID) -> ResponseReturnValue:
        """Show a hidden comment again."""
        return removals.unhide(*_reply(container_for(slug), reply_id))


def _manage(bp: Blueprint, kind: str, container_for: Loader, closed: Any) -> None:
    @bp.post("/following")
    @permission(f"{kind}:view")
    def follow(slug: str) -> ResponseReturnValue:
        """Save how much of the comments the reader is notified of."""
        container = container_for(slug)
        return thread_state.follow(container, container.begin())

    @bp.post("/lock")
    @permission(f"{kind}:moderate")
    def lock(slug: str) -> ResponseReturnValue:
        """Close the comments, except for moderators."""
        return settled(slug, threads.lock, closed)

    @bp.post("/lock/removal")
    @permission(f"{kind}:moderate")
    def unlock(slug: str) -> ResponseReturnValue:
        """Open the comments again."""
        return settled(slug, threads.unlock, _("Comments are open again."))

    def settled(slug: str, action: Callable[..., None], flash: Any) -> ResponseReturnValue:
        container = container_for(slug)
        access.require(container.can(current_user, access.MODERATE))
        return thread_state.apply(container, container.begin(), action, flash)


def _reply(container: CommentsContainer, reply_id: UUID) -> tuple[CommentsContainer, Reply]:
    return container, access.reply_in(container.thread(), reply_id)
