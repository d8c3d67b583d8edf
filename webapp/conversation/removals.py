"""Deletion: authors delete posts, moderators remove or hide them and give a reason; with an
opening, its title goes as well.

A deleted post keeps its place in the thread. Its text is erased after 30 days (`ops/retention`).
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..moderation import case_routing, reads as cases
from . import access, notices, post_pictures, titles
from .access import hold
from .models import AUTHOR, MODERATOR, Reaction, Reply, ReplyVersion


def delete(reply: Reply, by: User) -> None:
    """Delete the reply as its author."""
    reply = _held(reply, lambda it: access.can_delete(by, it))
    _end(reply, AUTHOR)


def remove(reply: Reply, by: User, reason: str) -> None:
    """Remove the reply as a moderator, and notify its author of the reason."""
    reply = _held(reply, _moderates(by))
    _refuse_silence(reason)
    _end(reply, MODERATOR)
    reply.reason, reply.hidden_at = reason, None
    if reply.is_opening:
        titles.hide(reply.thread)
    _record("reply.removed", reply, by)
    notices.removed(reply.author, reply.thread, by, reason, "reply", reply.number)


def hide(reply: Reply, by: User, reason: str, notify: bool = True) -> None:
    """Hide the reply from everyone but its author and moderators.

    Its author is notified of the reason, unless the caller does that.
    """
    reply = _held(reply, _may_hide(by))
    _refuse_silence(reason)
    if reply.hidden_at is not None:
        return
    reply.hidden_at, reply.reason = clock.now(), reason
    if reply.is_opening:
        titles.hide(reply.thread)
    _record("reply.hidden", reply, by)
    if notify:
        notices.removed(reply.author, reply.thread, by, reason, "hidden", reply.number)
    notices.reply_changed(reply)


def unhide(reply: Reply, by: User, judged: bool = False) -> None:
    """Show the reply again.

    Unless its case is `judged`, that takes someone who may judge the case: nobody judges
    themselves.
    """
    reply = _held(reply, _may_hide(by) if judged else lambda it: can_unhide(by, it))
    reply.hidden_at, reply.reason = None, ""
    if reply.is_opening:
        titles.show(reply.thread)
    _record("reply.shown", reply, by)
    notices.reply_changed(reply)


def forget(user: User, threads: sa.Select[Any]) -> None:
    """Delete what `user` wrote in these threads, with its text at once."""
    mine = sa.select(Reply).where(Reply.author_id == user.id, Reply.thread_id.in_(threads))
    for reply in db.session.scalars(mine.order_by(Reply.thread_id, Reply.id)).all():
        hold(reply.thread)
        if reply.removed_by is None:
            _end(reply, AUTHOR)
        db.session.execute(sa.delete(ReplyVersion).where(ReplyVersion.reply_id == reply.id))
        post_pictures.clear(reply)


def can_unhide(user: Any, reply: Reply) -> bool:
    """Whether `user` may show the reply again: not their own, and not what only others may
    judge.
    """
    if reply.author_id == user.id or not _moderates(user)(reply):
        return False
    case = cases.hidden_by("reply", reply.id)
    return case is None or case_routing.may_judge(user, case)


def _moderates(by: User) -> Callable[[Reply], bool]:
    def moderates(reply: Reply) -> bool:
        container = access.container_of(reply.thread)
        return container is not None and container.can(by, access.MODERATE)

    return moderates


def _may_hide(by: User) -> Callable[[Reply], bool]:
    """Admins may hide after a report; they still can't open the conversation's pages."""
    return lambda reply: by.is_admin or _moderates(by)(reply)


def _held(reply: Reply, allowed: Callable[[Reply], bool]) -> Reply:
    """Lock the thread and reload the reply.

    Raises Conflict if it is deleted, and UserError if not `allowed`.
    """
    hold(reply.thread)
    fresh = db.session.get(Reply, reply.id, populate_existing=True)
    if fresh is None or fresh.removed_by is not None:
        raise Conflict(_("This has been deleted."))
    if not allowed(fresh):
        raise UserError(_("You don’t have permission to do this."))
    return fresh


def _end(reply: Reply, who: str) -> None:
    reply.removed_by, reply.removed_at = who, clock.now()
    if not reply.is_opening:
        reply.thread.reply_count -= 1
    db.session.execute(sa.delete(Reaction).where(Reaction.reply_id == reply.id))
    db.session.flush()
    notices.reply_changed(reply)


def _refuse_silence(reason: str) -> None:
    if not reason:
        raise UserError(_("Enter a reason. The author will see it."), field="reason")


def _record(action: str, reply: Reply, by: User) -> None:
    audit.record(
        action, by=by, subject=reply, thread=str(reply.thread_id), group=str(reply.thread.group_id)
    )
    db.session.flush()
