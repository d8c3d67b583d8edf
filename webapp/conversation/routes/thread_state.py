"""Pinning, locking and following a thread."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.permissions import actor, permission
from ...core.http.submit import done, refused_at, submitted
from .. import access, following, threads
from ..access.containers import Container
from ..models import FOLLOWS, MUTED, Thread

bp = Blueprint("following", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>")


@bp.post("/following")
@permission(access.READ)
def update(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """Save whether the reader is notified of replies, only of mentions, or not at all."""
    return follow(*access.thread_for(current_user, slug, thread_id))


def follow(place: Container, thread: Thread) -> ResponseReturnValue:
    """The same, wherever the thread is held."""
    state = request.form.get("state", "")
    following.choose(thread, actor(), state)
    said = {
        FOLLOWS: _("You follow this thread. We’ll tell you about replies."),
        MUTED: _("Muted. We won’t tell you about this thread any more."),
    }
    return done(
        place.path_of(thread.id),
        said.get(state, _("We’ll only tell you when someone mentions you.")),
    )


moderation_bp = Blueprint(
    "thread_moderation", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>"
)


@moderation_bp.post("/pin")
@permission(access.MODERATE)
def pin(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """Pin the thread to the top of the list."""
    return _done(slug, thread_id, threads.pin, _("Pinned to the top of the list."))


@moderation_bp.post("/pin/removal")
@permission(access.MODERATE)
def unpin(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """Unpin the thread."""
    return _done(
        slug,
        thread_id,
        threads.unpin,
        _("Unpinned. It’s back in the list, sorted by its last reply."),
    )


@moderation_bp.post("/lock")
@permission(access.MODERATE)
def lock(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """Close the thread, except for moderators."""
    return _done(
        slug, thread_id, threads.lock, _("Locked. Only people who moderate here can write.")
    )


@moderation_bp.post("/lock/removal")
@permission(access.MODERATE)
def unlock(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """Open the thread again."""
    return _done(slug, thread_id, threads.unlock, _("Unlocked. Members can write here again."))


def _done(slug: str, thread_id: UUID, deed: Callable[..., None], words: Any) -> ResponseReturnValue:
    return apply(*access.thread_for(current_user, slug, thread_id, access.MODERATE), deed, words)


def apply(
    place: Container, thread: Thread, deed: Callable[..., None], words: Any
) -> ResponseReturnValue:
    """The deed is done to the thread, wherever it is held, and the words say so."""
    back = place.path_of(thread.id)
    return submitted(
        None,
        lambda: deed(thread, by=actor()),
        again=refused_at(back),
        to=back,
        flash=words,
    )
