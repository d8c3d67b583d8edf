"""A group's threads: list, thread, form for a new one; pinning, locking and following."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.db.keyset import requested_cursor
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import render_page, wanted_fragment
from ...core.http.permissions import actor, opens
from ...core.http.submit import done, page_with, refused_at, submitted
from ...core.http.uploads import uploads
from ...groups import access as groups
from ...groups.models import Group
from .. import access, following, reads, threads
from ..access import Container, GroupContainer
from ..forms import ThreadForm, looked_at
from ..models import FOLLOWS, MUTED, Thread
from ..post_pictures import FIELD
from . import pictures, thread_page
from .replies import PREVIEW, posted

bp = Blueprint("threads", __name__, url_prefix="/groups/<slug>/conversation")


@bp.get("")
@opens(groups.group_to, access.READ)
def index(group: Group) -> ResponseReturnValue:
    """List the threads: pinned ones first, then by latest reply."""
    cursor, may = requested_cursor(), groups.actions_of(current_user, group)
    if wanted_fragment() == thread_page.MENTIONS:
        return thread_page.people_to_mention(GroupContainer(group), None, access.START in may)
    starts = cursor is None and access.START in may
    return render_page(
        "conversation/index.html",
        {"threads": "conversation/_threads.html"},
        group=group,
        may=may,
        form=ThreadForm(formdata=None) if starts else None,
        pinned=[] if cursor else reads.pinned(group, current_user),
        listing=reads.listed(group, current_user, cursor),
        is_first=cursor is None,
    )


@bp.get("/new")
@opens(groups.group_to, access.START)
def new(group: Group) -> ResponseReturnValue:
    """Show the form for a new thread; ?announce=yes for an announcement."""
    announces = request.args.get("announce") == "yes" and groups.can(
        current_user, access.ANNOUNCE, group
    )
    return _form_page(group, ThreadForm(formdata=None, announces=announces))


def _too_large(refused: UserError, group: Group) -> ResponseReturnValue:
    form = ThreadForm()
    form.refuse(UserError(refused.message, FIELD))
    return _form_page(group, form, refused.status)


@bp.post("")
@opens(groups.group_to, access.START)
@limits.writes_to_a_group
@uploads(_too_large, several=True, beside=True)
def create(group: Group) -> ResponseReturnValue:
    """Create a thread, or preview it."""
    form = ThreadForm()
    if PREVIEW in request.form:
        return _form_page(group, form)

    def start() -> idempotency.Created[Thread]:
        title, body, announces = form.title.data, form.body.data, bool(form.announces.data)
        if announces:
            limits.announcement_by(actor().id)
        with pictures.stored(form.pictures) as sent:
            return idempotency.create_once(
                Thread,
                actor(),
                lambda id: threads.start(
                    group, actor(), title or "", body or "", announces, id, sent
                ),
            )

    return submitted(
        form,
        start,
        again=page_with(_form_page, form),
        to=lambda made: url_for(".show", slug=group.slug, thread_id=made.row.id, posted=posted()),
    )


bp.get("/<uuid:thread_id>", endpoint="show")(opens(access.thread_to, access.READ)(thread_page.show))


def _form_page(group: Group, form: ThreadForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "conversation/new.html",
        {"preview": "conversation/_preview.html"},
        status=status,
        group=group,
        form=form,
        may=groups.actions_of(current_user, group),
        preview=looked_at(form) if PREVIEW in request.form else None,
    )


following_bp = Blueprint(
    "following", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>"
)


def follow(container: Container, thread: Thread) -> ResponseReturnValue:
    """Save whether the reader is notified of replies, only of mentions, or not at all."""
    state = request.form.get("state", "")
    following.choose(thread, actor(), state)
    messages = {
        FOLLOWS: _("You follow this thread. We’ll tell you about replies."),
        MUTED: _("Muted. We won’t tell you about this thread any more."),
    }
    return done(
        container.path_of(thread.id),
        messages.get(state, _("We’ll only tell you when someone mentions you.")),
    )


following_bp.post("/following", endpoint="update")(opens(access.thread_to, access.READ)(follow))

moderation_bp = Blueprint(
    "thread_moderation", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>"
)


@moderation_bp.post("/pin")
@opens(access.thread_to, access.MODERATE)
def pin(container: Container, thread: Thread) -> ResponseReturnValue:
    """Pin the thread to the top of the list."""
    return apply(container, thread, threads.pin, _("Pinned to the top of the list."))


@moderation_bp.post("/pin/removal")
@opens(access.thread_to, access.MODERATE)
def unpin(container: Container, thread: Thread) -> ResponseReturnValue:
    """Unpin the thread."""
    return apply(
        container,
        thread,
        threads.unpin,
        _("Unpinned. It’s back in the list, sorted by its last reply."),
    )


@moderation_bp.post("/lock")
@opens(access.thread_to, access.MODERATE)
def lock(container: Container, thread: Thread) -> ResponseReturnValue:
    """Close the thread, except for moderators."""
    return apply(
        container, thread, threads.lock, _("Locked. Only people who moderate here can write.")
    )


@moderation_bp.post("/lock/removal")
@opens(access.thread_to, access.MODERATE)
def unlock(container: Container, thread: Thread) -> ResponseReturnValue:
    """Open the thread again."""
    return apply(container, thread, threads.unlock, _("Unlocked. Members can write here again."))


def apply(
    container: Container, thread: Thread, deed: Callable[..., None], flash: Any
) -> ResponseReturnValue:
    """Apply a rule to the thread, for every container, and confirm it with a message."""
    back = container.path_of(thread.id)
    return submitted(
        None,
        lambda: deed(thread, by=actor()),
        again=refused_at(back),
        to=back,
        flash=flash,
    )
