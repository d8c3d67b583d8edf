"""The routes of comments, mounted by `events.routes.event_page` and `voting.routes.comments`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http import limits
from ...core.http.permissions import opens
from ...core.http.uploads import uploads
from .. import access, threads
from ..comments import CommentsContainer
from ..models import Reply, Thread
from . import pictures, removals, replies, threads as thread_state

#: The door to the subject of comments: `load(user, action, slug)`. Raises NotFound and Forbidden.
Loader = Callable[[Any, str, str], CommentsContainer]


def mount(bp: Blueprint, kind: str, load: Loader, closed: Any) -> None:
    """Add all routes of comments to the blueprint, except the page itself.

    `kind` is the first word of the permissions ("vote:comment"), `closed` the message after closing
    comments.
    """
    _write(bp, kind, load)
    _edit(bp, kind, load)
    _remove(bp, kind, load)
    _manage(bp, kind, load, closed)


def _with_reply(load: Loader) -> Callable[..., tuple[CommentsContainer, Reply]]:
    """Return the door to one comment: its container and itself."""

    def load_reply(
        user: Any, action: str, slug: str, reply_id: UUID
    ) -> tuple[CommentsContainer, Reply]:
        container = load(user, action, slug)
        return container, access.reply_in(container.thread(), reply_id)

    return load_reply


def _write(bp: Blueprint, kind: str, load: Loader) -> None:
    def load_writable(user: Any, action: str, slug: str) -> tuple[CommentsContainer, Thread]:
        container = load(user, action, slug)
        thread = container.thread()
        access.require(access.can_reply(user, container, thread))
        return container, thread

    @bp.post("/replies")
    @opens(load_writable, f"{kind}:comment")
    @limits.writes_to_a_group
    @uploads(replies.too_large, several=True, beside=True)
    def create(container: CommentsContainer, thread: Thread) -> ResponseReturnValue:
        """Create a comment."""
        return replies.create(container, thread, container.begin)

    @bp.post("/replies/<uuid:reply_id>/reactions")
    @opens(_with_reply(load), f"{kind}:comment")
    def react(container: CommentsContainer, reply: Reply) -> ResponseReturnValue:
        """React to the comment, or take a reaction back."""
        return replies.react(container, reply)

    @bp.get("/replies/<uuid:reply_id>/pictures/<uuid:image_id>/<int:size>")
    @opens(_with_reply(load), f"{kind}:view")
    def image(
        container: CommentsContainer, reply: Reply, image_id: UUID, size: int
    ) -> ResponseReturnValue:
        """Serve a picture in a comment as we encoded it."""
        return pictures.answer(container, reply, image_id, size)


def _edit(bp: Blueprint, kind: str, load: Loader) -> None:
    @bp.get("/replies/<uuid:reply_id>/edit")
    @opens(_with_reply(load), f"{kind}:comment")
    def edit(container: CommentsContainer, reply: Reply) -> ResponseReturnValue:
        """Show the form with the comment's text."""
        return replies.edit(container, reply)

    @bp.post("/replies/<uuid:reply_id>/edit")
    @opens(_with_reply(load), f"{kind}:comment")
    @limits.writes_to_a_group
    @uploads(replies.edit_too_large, several=True, beside=True)
    def update(container: CommentsContainer, reply: Reply) -> ResponseReturnValue:
        """Change the comment."""
        return replies.update(container, reply)

    @bp.get("/replies/<uuid:reply_id>/history")
    @opens(_with_reply(load), f"{kind}:view")
    def history(container: CommentsContainer, reply: Reply) -> ResponseReturnValue:
        """Show the comment's earlier versions."""
        return replies.history(container, reply)


def _remove(bp: Blueprint, kind: str, load: Loader) -> None:
    @bp.get("/replies/<uuid:reply_id>/removal")
    @opens(_with_reply(load), f"{kind}:view")
    def ask(container: CommentsContainer, reply: Reply) -> ResponseReturnValue:
        """Ask before the comment is deleted; moderators give a reason."""
        return removals.ask(container, reply)

    @bp.post("/replies/<uuid:reply_id>/removal")
    @opens(_with_reply(load), f"{kind}:view")
    def delete(container: CommentsContainer, reply: Reply) -> ResponseReturnValue:
        """Delete the comment's text; its number stays."""
        return removals.remove(container, reply)

    @bp.post("/replies/<uuid:reply_id>/showing")
    @opens(_with_reply(load), f"{kind}:moderate")
    def unhide(container: CommentsContainer, reply: Reply) -> ResponseReturnValue:
        """Show a hidden comment again."""
        return removals.unhide(container, reply)


def _manage(bp: Blueprint, kind: str, load: Loader, closed: Any) -> None:
    @bp.post("/following")
    @opens(load, f"{kind}:view")
    def follow(container: CommentsContainer) -> ResponseReturnValue:
        """Save how much of the comments the reader is notified of."""
        return thread_state.follow(container, container.begin())

    @bp.post("/lock")
    @opens(load, f"{kind}:moderate")
    def lock(container: CommentsContainer) -> ResponseReturnValue:
        """Close the comments, except for moderators."""
        return thread_state.apply(container, container.begin(), threads.lock, closed)

    @bp.post("/lock/removal")
    @opens(load, f"{kind}:moderate")
    def unlock(container: CommentsContainer) -> ResponseReturnValue:
        """Open the comments again."""
        message = _("Comments are open again.")
        return thread_state.apply(container, container.begin(), threads.unlock, message)
