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

    def load_reply(
        user: Any, action: str, slug: str, reply_id: UUID
    ) -> tuple[CommentsContainer, Reply]:
        container = load(user, action, slug)
        return container, access.reply_in(container.thread(), reply_id)

    view, comment, moderate = f"{kind}:view", f"{kind}:comment", f"{kind}:moderate"
    to_view, to_write = opens(load_reply, view), opens(load_reply, comment)
    one = "/replies/<uuid:reply_id>"
    bp.post(f"{one}/reactions", endpoint="react")(to_write(replies.react))
    bp.get(f"{one}/edit", endpoint="edit")(to_write(replies.edit))
    bp.post(f"{one}/edit", endpoint="update")(to_write(replies.limited_update))
    bp.get(f"{one}/history", endpoint="history")(to_view(replies.history))
    bp.get(f"{one}/removal", endpoint="ask")(to_view(removals.ask))
    bp.post(f"{one}/removal", endpoint="delete")(to_view(removals.remove))
    bp.post(f"{one}/showing", endpoint="unhide")(opens(load_reply, moderate)(removals.unhide))
    pictures_path = f"{one}/pictures/<uuid:image_id>/<int:size>"
    bp.get(pictures_path, endpoint="image")(to_view(pictures.answer))
    _write(bp, load, comment)
    _manage(bp, load, view, moderate, closed)


def _write(bp: Blueprint, load: Loader, comment: str) -> None:
    def load_writable(user: Any, action: str, slug: str) -> tuple[CommentsContainer, Thread]:
        container = load(user, action, slug)
        thread = container.thread()
        access.require(access.can_reply(user, container, thread))
        return container, thread

    @bp.post("/replies")
    @opens(load_writable, comment)
    @limits.writes_to_a_group
    @uploads(replies.too_large, several=True, beside=True)
    def create(container: CommentsContainer, thread: Thread) -> ResponseReturnValue:
        """Create a comment."""
        return replies.create(container, thread, container.begin)


def _manage(bp: Blueprint, load: Loader, view: str, moderate: str, closed: Any) -> None:
    @bp.post("/following")
    @opens(load, view)
    def follow(container: CommentsContainer) -> ResponseReturnValue:
        """Save how much of the comments the reader is notified of."""
        return thread_state.follow(container, container.begin())

    @bp.post("/lock")
    @opens(load, moderate)
    def lock(container: CommentsContainer) -> ResponseReturnValue:
        """Close the comments, except for moderators."""
        return thread_state.apply(container, container.begin(), threads.lock, closed)

    @bp.post("/lock/removal")
    @opens(load, moderate)
    def unlock(container: CommentsContainer) -> ResponseReturnValue:
        """Open the comments again."""
        message = _("Comments are open again.")
        return thread_state.apply(container, container.begin(), threads.unlock, message)
