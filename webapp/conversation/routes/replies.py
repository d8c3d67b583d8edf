"""Writing in a thread, changing what one wrote, and what it said before."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import limits, once
from ...core.errors import Conflict, RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from ...groups.models import Group
from .. import access, reads, replies
from ..forms import ReplyForm, WordsForm, looked_at
from ..models import Reply
from .thread_page import thread_page
from .threads import PREVIEW, posted

bp = Blueprint("replies", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>/replies")


@bp.post("")
@permission(access.WRITE)
@limits.writes_to_a_group
def create(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """The thread has one reply more, or the form comes back with a look at how it will read."""
    group, thread = access.thread_for(current_user, slug, thread_id, access.WRITE)
    form = ReplyForm()
    if PREVIEW in request.form:
        return thread_page(group, thread, form, preview=looked_at(form))
    if not form.validate():
        return thread_page(group, thread, form, 422)
    body, answers = form.body.data or "", form.answers.data
    try:
        reply, _is_new = once.made(Reply, me(), lambda id: replies.add(thread, me(), body, answers, id))
    except RuleBroken as broken:
        db.session.rollback()
        return thread_page(group, thread, form.refuse(broken), broken.status)
    return see(_url(group, reply, posted=posted()))


@bp.get("/<uuid:reply_id>/edit")
@permission(access.WRITE)
def edit(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """The words, to be changed."""
    group, reply = _editable(slug, thread_id, reply_id)
    words = replies.words_of(reply)
    body = words.body if words is not None else ""
    return _form_page(group, reply, _form(reply, body=body, title=reply.thread.title, version=reply.version))


@bp.post("/<uuid:reply_id>/edit")
@permission(access.WRITE)
@limits.writes_to_a_group
def update(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """The words are changed, or a look at them; where somebody was faster both texts stand side by side."""
    group, reply = _editable(slug, thread_id, reply_id)
    form = _form(reply)
    if PREVIEW in request.form:
        return _form_page(group, reply, form)
    if not form.validate():
        return _form_page(group, reply, form, 422)
    title = form.title.data or "" if reply.is_opening else ""
    try:
        replies.edit(reply, me(), form.version.data or 0, form.body.data or "", title)
    except RuleBroken as broken:
        db.session.rollback()
        return _refused(group, reply, form, broken)
    db.session.commit()
    flash(_("Changed. What it said before stands in its history."))
    return see(_url(group, reply, posted=posted()))


@bp.get("/<uuid:reply_id>/history")
@permission(access.READ)
def history(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """Every version of what was written, with its date."""
    group, reply = access.reply_for(current_user, slug, thread_id, reply_id)
    access.require(access.can_see_words(current_user, group, reply))
    versions = reads.history(reply)
    return render_page("conversation/history.html", group=group, thread=reply.thread, reply=reply, versions=versions)


def _editable(slug: str, thread_id: UUID, reply_id: UUID) -> tuple[Group, Reply]:
    group, reply = access.reply_for(current_user, slug, thread_id, reply_id, access.WRITE)
    if reply.gone is not None:
        abort(404)
    access.require(access.can_edit(current_user, group, reply))
    return group, reply


def _form(reply: Reply, **values: Any) -> WordsForm:
    form = WordsForm(**values)
    return form if reply.is_opening else form.without_title()


def _refused(group: Group, reply: Reply, form: WordsForm, broken: RuleBroken) -> ResponseReturnValue:
    """A conflict shows the other words beside one's own; sent once more, one's own take their place."""
    theirs = None
    if isinstance(broken, Conflict):
        theirs = replies.words_of(reply)
        form.agree_on(reply.version)
    return _form_page(group, reply, form.refuse(broken), broken.status, theirs)


def _form_page(group: Group, reply: Reply, form: WordsForm, status: int = 200, theirs: object = None) -> ResponseReturnValue:
    return render_page(
        "conversation/edit.html",
        {"preview": "conversation/_preview.html"},
        status=status,
        group=group,
        thread=reply.thread,
        reply=reply,
        form=form,
        theirs=theirs,
        preview=looked_at(form) if PREVIEW in request.form else None,
    )


def _url(group: Group, reply: Reply, **more: Any) -> str:
    at = reply.number or None
    anchor = f"r{at}" if at else None
    return url_for("threads.show", slug=group.slug, thread_id=reply.thread_id, at=at, _anchor=anchor, **more)
