"""Deletion of threads and replies: confirmation pages and actions, for every container."""

from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.forms import Form
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done, page_with, submitted
from .. import access, reads, removals, threads
from ..access import Container, GroupContainer
from ..forms import ReasonForm
from ..models import Reply, Thread


def ask(container: Container, reply: Reply) -> ResponseReturnValue:
    """Ask before the reply is deleted; moderators give a reason."""
    return _reply_page(container, reply, _form(container, reply))


def remove(container: Container, reply: Reply) -> ResponseReturnValue:
    """Delete the reply; it keeps its place."""
    form = _form(container, reply)
    return submitted(
        form,
        lambda: _delete(removals, reply, form),
        again=page_with(_reply_page, form),
        to=container.path_of(reply.thread_id, reply.number),
        flash=_("Deleted."),
    )


def unhide(container: Container, reply: Reply) -> ResponseReturnValue:
    """Show the hidden reply again."""
    access.require(removals.can_unhide(actor(), reply))
    removals.unhide(reply, by=actor())
    return done(
        container.path_of(reply.thread_id, reply.number), _("Everyone here can read it again.")
    )


def form_for(is_own: bool, container: Container) -> Form:
    """Return the form: without a reason for one's own post; others' take a moderator and a
    reason.
    """
    if is_own:
        return Form()
    access.require(container.can(current_user, access.MODERATE))
    return ReasonForm()


def page(
    container: Container,
    title: str,
    words: str,
    keep_url: str,
    form: Form,
    status: int,
    **more: Any,
) -> ResponseReturnValue:
    """Render the confirmation page, with what it is about."""
    return render_page(
        "conversation/removal.html",
        status=status,
        title=title,
        words=words,
        verb=_("Delete"),
        keep=_("Cancel"),
        keep_url=keep_url,
        section=f"{container.kind}s",
        asks_why=isinstance(form, ReasonForm),
        form=form,
        **more,
    )


def _delete(rules: Any, content: Reply | Thread, form: Form) -> None:
    """Delete as the author, or as a moderator with the form's reason."""
    if isinstance(form, ReasonForm):
        rules.remove(content, actor(), form.reason.data or "")
    else:
        rules.delete(content, by=actor())


def _form(container: Container, reply: Reply) -> Form:
    if reply.removed_by is not None:
        abort(404)
    return form_for(access.can_delete(current_user, reply), container)


def _reply_page(
    container: Container, reply: Reply, form: Form, status: int = 200
) -> ResponseReturnValue:
    words = _("A note that you deleted it stays in its place. The text is erased after 30 days.")
    if isinstance(form, ReasonForm):
        words = _(
            "A note that a moderator removed it stays in its place. We’ll tell %(name)s why.",
            name=reply.author.name,
        )
    action = f"{container.path_of(reply.thread_id)}/replies/{reply.id}/removal"
    keep = container.path_of(reply.thread_id, reply.number)
    post = reads.one(reply.thread, reply.number, container.shared_with(current_user))
    return page(container, _("Delete this?"), words, keep, form, status, action=action, post=post)


bp = Blueprint(
    "thread_removals", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>"
)


to_read = opens(access.reply_to, access.READ)
bp.get("/replies/<uuid:reply_id>/removal", endpoint="new_of_reply")(to_read(ask))
bp.post("/replies/<uuid:reply_id>/removal", endpoint="create_of_reply")(to_read(remove))
bp.post("/replies/<uuid:reply_id>/showing", endpoint="unhide")(
    opens(access.reply_to, access.MODERATE)(unhide)
)


def _form_for_thread(container: Container, thread: Thread) -> Form:
    is_own = thread.author_id == current_user.id and reads.is_alone(thread)
    return form_for(is_own, container)


@bp.get("/removal")
@opens(access.thread_to, access.READ)
def new(container: GroupContainer, thread: Thread) -> ResponseReturnValue:
    """Ask before the thread is deleted; moderators give a reason."""
    return _thread_page(container, thread, _form_for_thread(container, thread))


@bp.post("/removal")
@opens(access.thread_to, access.READ)
def create(container: GroupContainer, thread: Thread) -> ResponseReturnValue:
    """Delete the thread and everything in it."""
    form = _form_for_thread(container, thread)
    return submitted(
        form,
        lambda: _delete(threads, thread, form),
        again=page_with(_thread_page, form),
        to=f"{container.path}/conversation",
        flash=_("Deleted."),
    )


def _thread_page(
    container: GroupContainer, thread: Thread, form: Form, status: int = 200
) -> ResponseReturnValue:
    words = _(
        "No one else has written in it. It disappears from the list right away and is deleted for "
        "good after 30 days."
    )
    if isinstance(form, ReasonForm):
        words = _(
            "Everything written in it is deleted too. We’ll tell %(name)s why.",
            name=thread.author.name,
        )
    keep = container.path_of(thread.id)
    title = _("Delete “%(title)s”?", title=thread.title)
    return page(container, title, words, keep, form, status, action=f"{keep}/removal", post=None)
