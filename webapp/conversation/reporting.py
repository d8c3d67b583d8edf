"""Reports about posts: what moderators see of them."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import NotFound

from ..core import i18n
from ..core.extensions import db
from ..moderation.reportable_types import Around, Reportable, paragraphs, reportable
from . import access, post_pictures, reads, removals, replies
from .models import Reply


def _load(user: Any, reply_id: UUID) -> Reply:
    """Return the reply if `user` may read it. Raises NotFound."""
    reply = _find(reply_id)
    container = access.container_of(reply.thread) if reply is not None else None
    if (
        reply is None
        or container is None
        or not access.may_read(user, reply.thread)
        or not access.can_see_words(user, container, reply)
    ):
        raise NotFound()
    return reply


def _find(reply_id: UUID) -> Reply | None:
    reply = db.session.get(Reply, reply_id)
    return reply if reply is not None and reply.thread.deleted_at is None else None


def _url(reply: Reply) -> str:
    container = access.container_of(reply.thread)
    return container.path_of(reply.thread_id, reply.number) if container is not None else "/"


def _group(reply: Reply) -> Any:
    container = access.container_of(reply.thread)
    return container.group if container is not None else None


def _excerpt(reply: Reply) -> str:
    version = replies.words_of(reply)
    title = reply.thread.title if reply.is_opening else ""
    return paragraphs(title, version.body) if version is not None else ""


def _unhide(reply: Reply, by: Any) -> None:
    """A reply that its author has deleted meanwhile stays deleted."""
    if reply.removed_by is None:
        removals.unhide(reply, by, judged=True)


def _around(reply: Reply, user: Any) -> Around:
    """The thread, the time, and the previous post."""
    found: Around = [("talk", _("Thread"), reply.thread.title)]
    found.append(("clock", _("Posted"), i18n.moment(reply.created_at)))
    if reply.picture_count:
        nothing = _("A picture without a description")
        alts = [row.alt or nothing for row in post_pictures.of([reply.id]).get(reply.id, [])]
        found.append(("image", _("Pictures"), "\n".join(alts)))
    before = reads.one(reply.thread, reply.number - 1, None) if reply.number else None
    if (
        before is not None
        and before.body
        and before.removed_by is None
        and before.hidden_at is None
    ):
        found.append(
            ("back", _("Previous post, by %(name)s", name=before.author["name"]), before.body)
        )
    return found


def register() -> None:
    """Register replies and openings as reportable."""
    reportable(
        Reportable(
            name="reply",
            title=_l("Post in a conversation"),
            icon="talk",
            load=_load,
            find=_find,
            label=lambda reply: reply.thread.title,
            url=_url,
            group=_group,
            author=lambda reply: reply.author,
            excerpt=_excerpt,
            hide=lambda reply, by, reason: removals.hide(reply, by, reason, notify=False),
            unhide=_unhide,
            is_hidden=lambda reply: reply.hidden_at is not None or reply.removed_by is not None,
            may_hide=lambda reply: reply.removed_by is None,
            around=_around,
        )
    )
