"""Before a reply goes, and the deed: the pages, wherever its thread is held."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.forms import Form
from ...core.pages import render_page, see
from ...core.permissions import me
from .. import access, reads, removals
from ..access.places import Place
from ..forms import ReasonForm
from ..models import Reply


def ask(place: Place, reply: Reply) -> ResponseReturnValue:
    """Whether to delete it; a moderator is asked why."""
    return _reply_page(place, reply, _form(place, reply))


def remove(place: Place, reply: Reply) -> ResponseReturnValue:
    """It is deleted, its place stays."""
    form = _form(place, reply)
    deed: Callable[[], None] = lambda: removals.take_back(reply, by=me())  # noqa: E731
    if isinstance(form, ReasonForm):
        deed = lambda: removals.remove(reply, me(), form.reason.data or "")  # noqa: E731
    back = place.path_of(reply.thread_id, reply.number)
    return done(form, deed, lambda status: _reply_page(place, reply, form, status), back)


def unhide(place: Place, reply: Reply) -> ResponseReturnValue:
    """What was hidden is shown again."""
    access.require(removals.can_unhide(me(), reply))
    removals.unhide(reply, by=me())
    db.session.commit()
    flash(_("Everybody here reads it again."))
    return see(place.path_of(reply.thread_id, reply.number))


def form_for(is_own: bool, place: Place) -> Form:
    """Of one's own no reason is asked; for others' it takes those who moderate."""
    if is_own:
        return Form()
    access.require(place.can(current_user, access.MODERATE))
    return ReasonForm()


def done(
    form: Form, deed: Callable[[], None], again: Callable[[int], ResponseReturnValue], back: str
) -> ResponseReturnValue:
    """The deed is done, or the page is there again and says why not."""
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


def page(
    place: Place, title: str, words: str, keep_url: str, form: Form, status: int, **more: Any
) -> ResponseReturnValue:
    """The question, with what it is about."""
    return render_page(
        "conversation/removal.html",
        status=status,
        title=title,
        words=words,
        verb=_("Delete it"),
        keep=_("Keep it"),
        keep_url=keep_url,
        section=f"{place.kind}s",
        asks_why=isinstance(form, ReasonForm),
        form=form,
        **more,
    )


def _form(place: Place, reply: Reply) -> Form:
    if reply.gone is not None:
        abort(404)
    return form_for(access.can_take_back(current_user, reply), place)


def _reply_page(place: Place, reply: Reply, form: Form, status: int = 200) -> ResponseReturnValue:
    words = _(
        "Its place stays, and says that you deleted it. Its words are cleared away after 30 days."
    )
    if isinstance(form, ReasonForm):
        words = _(
            "Its place stays, and says that a moderator removed it. We tell %(name)s why.",
            name=reply.author.name,
        )
    action = f"{place.path_of(reply.thread_id)}/replies/{reply.id}/removal"
    keep = place.path_of(reply.thread_id, reply.number)
    post = reads.one(reply.thread, reply.number, place.shared_with(current_user))
    return page(place, _("Delete this?"), words, keep, form, status, action=action, post=post)
