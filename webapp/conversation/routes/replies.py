"""Writing and editing replies, and their history: the pages, for every container."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.errors import Conflict, UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import page_with, refused_at, submitted
from ...core.http.uploads import uploads
from .. import access, reactions, reads, replies
from ..access import Container
from ..forms import EditForm, ReplyForm, looked_at
from ..models import Reply, Thread
from ..post_pictures import FIELD
from . import pictures
from .thread_page import thread_page

#: The name of the preview button.
PREVIEW = "preview"


def create(
    container: Container, thread: Thread, begin: Callable[[], Thread] | None = None
) -> ResponseReturnValue:
    """Add a reply, or preview it.

    `begin` returns the thread, creating it if necessary.
    """
    form = ReplyForm(container.kind)
    if PREVIEW in request.form:
        return thread_page(container, thread, form, preview=looked_at(form))
    body, answers = form.body.data or "", form.answers.data

    def write() -> idempotency.Created[Reply]:
        with pictures.stored(form.pictures) as sent:
            held = begin() if begin is not None else thread
            return idempotency.create_once(
                Reply, actor(), lambda id: replies.add(held, actor(), body, answers, id, sent)
            )

    return submitted(
        form,
        write,
        again=page_with(thread_page, form),
        to=lambda made: _url(container, made.row, posted()),
    )


def too_large(refused: UserError, container: Container, thread: Thread) -> ResponseReturnValue:
    """Show the form of `create` again, whose pictures were more than a request may hold."""
    form = ReplyForm(container.kind)
    form.refuse(UserError(refused.message, FIELD))
    return thread_page(container, thread, form, refused.status)


def edit(container: Container, reply: Reply) -> ResponseReturnValue:
    """Show the form with the text."""
    _require_editable(container, reply)
    return _form_page(container, reply, _form_of(reply))


def update(container: Container, reply: Reply) -> ResponseReturnValue:
    """Save the text, or preview it; if someone was faster, show both texts."""
    _require_editable(container, reply)
    form = _form(reply)
    if PREVIEW in request.form:
        return _form_page(container, reply, form)
    title = form.title.data or "" if reply.is_opening else ""
    version, body = form.version.data or 0, form.body.data or ""

    def save() -> None:
        with pictures.changes(reply, form.pictures) as changed:
            replies.edit(reply, actor(), version, body, title, changed)

    return submitted(
        form,
        save,
        again=lambda refused, container, reply: _refused_page(container, reply, form, refused),
        to=_url(container, reply, posted()),
        flash=_("Saved. Earlier versions are in its history."),
    )


def edit_too_large(refused: UserError, container: Container, reply: Reply) -> ResponseReturnValue:
    """Show the form of `update` again, whose pictures were more than a request may hold."""
    _require_editable(container, reply)
    form = ReplyForm(container.kind) if request.form else _form_of(reply)
    form.refuse(UserError(refused.message, FIELD))
    return _form_page(container, reply, form, refused.status)


limited_update = limits.writes_to_a_group(
    uploads(edit_too_large, several=True, beside=True)(update)
)


def react(container: Container, reply: Reply) -> ResponseReturnValue:
    """Add or remove the reader's reaction to the post."""
    here = container.path_of(reply.thread_id, reply.number)
    is_new = "add" in request.form
    kind = request.form.get("add" if is_new else "remove", "")
    change = reactions.add if is_new else reactions.withdraw
    return submitted(None, lambda: change(reply, actor(), kind), again=refused_at(here), to=here)


def history(container: Container, reply: Reply) -> ResponseReturnValue:
    """Show every version with its date."""
    access.require(access.can_see_words(current_user, container, reply))
    versions = reads.history(reply)
    return render_page(
        "conversation/history.html",
        container=container,
        thread=reply.thread,
        reply=reply,
        versions=versions,
    )


def posted() -> str | None:
    """Return the token of the submitted form, so that the browser deletes its draft."""
    word = request.form.get(idempotency.FIELD, "")
    return word if len(word) <= 40 and word.replace("-", "").replace("_", "").isalnum() else None


def _require_editable(container: Container, reply: Reply) -> None:
    if reply.removed_by is not None:
        abort(404)
    access.require(access.can_edit(current_user, container, reply))


def _form(reply: Reply, **values: Any) -> EditForm:
    form = EditForm(**values)
    return form if reply.is_opening else form.without_title()


def _form_of(reply: Reply) -> EditForm:
    """The form with the current text."""
    version = replies.words_of(reply)
    now = {"title": reply.thread.title, "version": reply.version}
    return _form(reply, formdata=None, body=version.body if version is not None else "", **now)


def _refused_page(
    container: Container, reply: Reply, form: EditForm, refused: UserError
) -> ResponseReturnValue:
    """After a conflict, show the other text beside the reader's; sending again replaces it."""
    theirs = None
    if isinstance(refused, Conflict):
        theirs = replies.words_of(reply)
        form.agree_on(reply.version)
    return _form_page(container, reply, form, refused.status, theirs)


def _form_page(
    container: Container, reply: Reply, form: EditForm, status: int = 200, theirs: object = None
) -> ResponseReturnValue:
    return render_page(
        "conversation/edit.html",
        {"preview": "conversation/_preview.html"},
        status=status,
        container=container,
        thread=reply.thread,
        reply=reply,
        form=form,
        theirs=theirs,
        pictures=pictures.forms_for(reply),
        preview=looked_at(form) if PREVIEW in request.form else None,
    )


def _url(container: Container, reply: Reply, word: str | None) -> str:
    """The URL of the reply, with the token of its form."""
    path, mark, anchor = container.path_of(reply.thread_id, reply.number).partition("#")
    return (
        f"{path}{'&' if '?' in path else '?'}posted={word}{mark}{anchor}"
        if word
        else path + mark + anchor
    )


bp = Blueprint(
    "replies", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>/replies"
)


limited_create = limits.writes_to_a_group(uploads(too_large, several=True, beside=True)(create))
bp.post("", endpoint="create")(opens(access.thread_to, access.WRITE)(limited_create))
to_read, to_write = opens(access.reply_to, access.READ), opens(access.reply_to, access.WRITE)
bp.get("/<uuid:reply_id>/edit", endpoint="edit")(to_write(edit))
bp.post("/<uuid:reply_id>/edit", endpoint="update")(to_write(limited_update))
bp.get("/<uuid:reply_id>/history", endpoint="history")(to_read(history))
bp.post("/<uuid:reply_id>/reactions", endpoint="react")(to_write(react))
