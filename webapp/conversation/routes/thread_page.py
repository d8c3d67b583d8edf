"""A thread's page, whole or in parts: what stands on it, and what was refused."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.database import noting
from ...core.pages import Page, page_number, render_page
from ...groups import access as groups
from ...groups.models import Group
from ...notifications import unread_count
from .. import access, following, reads
from ..forms import ReplyForm
from ..models import Thread

FRAGMENTS = {"newer": "conversation/_newer.html", "write": "conversation/_write.html", "preview": "conversation/_preview.html"}


def thread_page(group: Group, thread: Thread, form: ReplyForm | None = None, status: int = 200, **more: Any) -> Response:
    """The page of the thread that was asked for; `form` is a reply that was refused or is to be looked at."""
    page = _page(thread)
    standing = reads.standing(thread, current_user)
    answers = request.args.get("answer", type=int) if form is None else form.answers.data
    parent = reads.one(thread, answers) if answers and 0 < answers <= thread.last_number else None
    response = render_page(
        "conversation/show.html",
        FRAGMENTS,
        status=status,
        group=group,
        thread=thread,
        page=page,
        standing=standing,
        parent=parent if parent is None or parent.gone is None else None,
        form=form or ReplyForm(formdata=None, answers=answers if parent else None),
        **_rights(group, thread),
        **more,
    )
    seen = page.items[-1].number if page.items else 0
    if request.method == "GET" and (standing.seen is None or seen > standing.seen):
        _note_seen(thread, seen, standing.seen is not None)
    return response


def newer(group: Group, thread: Thread, since: int) -> ResponseReturnValue:
    """The replies after this one, and the place behind them; nothing where there is none."""
    posts = reads.newer(thread, since)
    if not posts:
        return Response(status=204)
    context = {"group": group, "thread": thread, "posts": posts, "since": posts[-1].number}
    response = render_page("conversation/_newer.html", FRAGMENTS, **context, **_rights(group, thread))
    _note_seen(thread, posts[-1].number, True)
    return response


def _rights(group: Group, thread: Thread) -> dict[str, Any]:
    return {
        "may": groups.actions_of(current_user, group),
        "can_reply": access.can_reply(current_user, group, thread),
        "role_names": groups.ROLE_NAMES,
    }


def _page(thread: Thread) -> Page:
    """The page that is asked for by `?page=` or holds the reply `?at=`; the last one where there are not so many."""
    last = max(1, -(-thread.last_number // reads.REPLIES))
    at = request.args.get("at", type=int)
    number = page_number() if at is None else -(-min(max(at, 1), thread.last_number or 1) // reads.REPLIES)
    number = min(number, last)
    return Page(reads.page_of(thread, number), thread.last_number, number, reads.REPLIES)


def _note_seen(thread: Thread, number: int, is_known: bool) -> None:
    """How far the person has read is written down once the page is made; where it cannot be, they have read all the same.

    This GET writes, as `inbox.show` does: a page that was opened has been read.
    """
    thread_id, user_id, has_unread = thread.id, current_user.id, unread_count() > 0
    with noting():
        following.saw(thread_id, user_id, number, is_known)
        if has_unread:
            following.heard(user_id, thread_id)
