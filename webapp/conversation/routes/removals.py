"""What was written in a group goes: the question before it, and the deed."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.forms import Form
from ...core.permissions import me, permission
from .. import access, reads, threads
from ..access.places import InGroup
from ..forms import ReasonForm
from ..models import Thread
from . import removing

bp = Blueprint(
    "thread_removals", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>"
)


@bp.get("/replies/<uuid:reply_id>/removal")
@permission(access.READ)
def new_of_reply(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """Whether to delete it; a moderator is asked why."""
    return removing.ask(*access.reply_for(current_user, slug, thread_id, reply_id))


@bp.post("/replies/<uuid:reply_id>/removal")
@permission(access.READ)
def create_of_reply(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """It is deleted, its place stays."""
    return removing.remove(*access.reply_for(current_user, slug, thread_id, reply_id))


@bp.post("/replies/<uuid:reply_id>/showing")
@permission(access.MODERATE)
def unhide(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """What was hidden is shown again."""
    return removing.unhide(
        *access.reply_for(current_user, slug, thread_id, reply_id, access.MODERATE)
    )


@bp.get("/removal")
@permission(access.READ)
def new(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """Whether to delete the whole thread; a moderator is asked why."""
    return _thread_page(*_thread(slug, thread_id))


@bp.post("/removal")
@permission(access.READ)
def create(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """The thread is gone, with everything in it."""
    place, thread, form = _thread(slug, thread_id)
    deed: Callable[[], None] = lambda: threads.take_back(thread, by=me())  # noqa: E731
    if isinstance(form, ReasonForm):
        deed = lambda: threads.remove(thread, me(), form.reason.data or "")  # noqa: E731
    back = f"{place.path}/conversation"
    return removing.done(form, deed, lambda status: _thread_page(place, thread, form, status), back)


def _thread(slug: str, thread_id: UUID) -> tuple[InGroup, Thread, Form]:
    place, thread = access.thread_for(current_user, slug, thread_id)
    return (
        place,
        thread,
        removing.form_for(thread.author_id == current_user.id and reads.is_alone(thread), place),
    )


def _thread_page(
    place: InGroup, thread: Thread, form: Form, status: int = 200
) -> ResponseReturnValue:
    words = _(
        "Nobody else has written in it. It is gone from the list at once, and for good after 30 "
        "days."
    )
    if isinstance(form, ReasonForm):
        words = _(
            "Everything that was written in it goes, too. We tell %(name)s why.",
            name=thread.author.name,
        )
    keep = place.path_of(thread.id)
    title = _("Delete “%(title)s”?", title=thread.title)
    return removing.page(
        place, title, words, keep, form, status, action=f"{keep}/removal", post=None
    )
