"""What was written goes: the question before it, and the deed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.forms import Form
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from ...groups import access as groups
from ...groups.models import Group
from .. import access, reads, removals, threads
from ..forms import ReasonForm
from ..models import Reply, Thread

bp = Blueprint("thread_removals", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>")


@bp.get("/replies/<uuid:reply_id>/removal")
@permission(access.READ)
def new_of_reply(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """Whether to delete it; a moderator is asked why."""
    group, reply, form = _reply(slug, thread_id, reply_id)
    return _reply_page(group, reply, form)


@bp.post("/replies/<uuid:reply_id>/removal")
@permission(access.READ)
def create_of_reply(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """It is deleted, its place stays."""
    group, reply, form = _reply(slug, thread_id, reply_id)
    deed: Callable[[], None] = lambda: removals.take_back(reply, by=me())  # noqa: E731
    if isinstance(form, ReasonForm):
        deed = lambda: removals.remove(reply, me(), form.reason.data or "")  # noqa: E731
    back = url_for("threads.show", slug=group.slug, thread_id=thread_id, at=reply.number or None, _anchor=f"r{reply.number}")
    return _done(form, deed, lambda status: _reply_page(group, reply, form, status), back)


@bp.post("/replies/<uuid:reply_id>/showing")
@permission(access.MODERATE)
def unhide(slug: str, thread_id: UUID, reply_id: UUID) -> ResponseReturnValue:
    """What was hidden is shown again."""
    group, reply = access.reply_for(current_user, slug, thread_id, reply_id, access.MODERATE)
    access.require(removals.can_unhide(me(), reply))
    removals.unhide(reply, by=me())
    db.session.commit()
    flash(_("Everybody in the group reads it again."))
    return see(url_for("threads.show", slug=group.slug, thread_id=thread_id, at=reply.number or None, _anchor=f"r{reply.number}"))


@bp.get("/removal")
@permission(access.READ)
def new(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """Whether to delete the whole thread; a moderator is asked why."""
    group, thread, form = _thread(slug, thread_id)
    return _thread_page(group, thread, form)


@bp.post("/removal")
@permission(access.READ)
def create(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """The thread is gone, with everything in it."""
    group, thread, form = _thread(slug, thread_id)
    deed: Callable[[], None] = lambda: threads.take_back(thread, by=me())  # noqa: E731
    if isinstance(form, ReasonForm):
        deed = lambda: threads.remove(thread, me(), form.reason.data or "")  # noqa: E731
    back = url_for("threads.index", slug=group.slug)
    return _done(form, deed, lambda status: _thread_page(group, thread, form, status), back)


def _reply(slug: str, thread_id: UUID, reply_id: UUID) -> tuple[Group, Reply, Form]:
    group, reply = access.reply_for(current_user, slug, thread_id, reply_id)
    if reply.gone is not None:
        abort(404)
    return group, reply, _form(access.can_take_back(current_user, reply), group)


def _thread(slug: str, thread_id: UUID) -> tuple[Group, Thread, Form]:
    group, thread = access.thread_for(current_user, slug, thread_id)
    return group, thread, _form(thread.author_id == current_user.id and reads.is_alone(thread), group)


def _form(is_own: bool, group: Group) -> Form:
    """Of one's own no reason is asked."""
    if is_own:
        return Form()
    groups.require(current_user, access.MODERATE, group)
    return ReasonForm()


def _done(form: Form, deed: Callable[[], None], again: Callable[[int], ResponseReturnValue], back: str) -> ResponseReturnValue:
    if not form.validate():
        return again(422)
    try:
        deed()
    except RuleBroken as broken:
        db.session.rollback()
        form.refuse(broken)
        return again(broken.status)
    db.session.commit()
    flash(_("Deleted."))
    return see(back)


def _reply_page(group: Group, reply: Reply, form: Form, status: int = 200) -> ResponseReturnValue:
    words = _("Its place stays, and says that you deleted it. Its words are cleared away after 30 days.")
    if isinstance(form, ReasonForm):
        words = _("Its place stays, and says that a moderator removed it. We tell %(name)s why.", name=reply.author.name)
    action = url_for(".create_of_reply", slug=group.slug, thread_id=reply.thread_id, reply_id=reply.id)
    keep = url_for("threads.show", slug=group.slug, thread_id=reply.thread_id, at=reply.number or None)
    return _page(
        _("Delete this?"), words, action, keep, status, group=group, form=form, post=reads.one(reply.thread, reply.number)
    )


def _thread_page(group: Group, thread: Thread, form: Form, status: int = 200) -> ResponseReturnValue:
    words = _("Nobody else has written in it. It is gone from the list at once, and for good after 30 days.")
    if isinstance(form, ReasonForm):
        words = _("Everything that was written in it goes, too. We tell %(name)s why.", name=thread.author.name)
    action = url_for(".create", slug=group.slug, thread_id=thread.id)
    keep = url_for("threads.show", slug=group.slug, thread_id=thread.id)
    title = _("Delete “%(title)s”?", title=thread.title)
    return _page(title, words, action, keep, status, group=group, form=form, post=None)


def _page(title: str, words: str, action: str, keep: str, status: int, **more: Any) -> ResponseReturnValue:
    return render_page(
        "conversation/removal.html",
        status=status,
        title=title,
        words=words,
        action=action,
        verb=_("Delete it"),
        keep=_("Keep it"),
        keep_url=keep,
        section="groups",
        asks_why=isinstance(more["form"], ReasonForm),
        **more,
    )
