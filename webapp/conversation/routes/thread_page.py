"""A thread's page and its fragments, and the newest comments on the page of their subject."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from ...core import i18n
from ...core.db.session import write_during_get
from ...core.http.forms import query_text
from ...core.http.pages import Page, page_number, render_page, wanted_fragment
from ...core.http.permissions import actor
from ...core.ui.look_alikes import name_in, name_of
from ...core.ui.template_globals import avatar
from ...notifications import unread_count
from ...people import avatars
from .. import access, following, mentions, reads
from ..access import Container
from ..comments import CommentsContainer
from ..forms import ReplyForm
from ..models import OPENING, Thread
from ..reactions import ReactionView
from ..reads import PostView, ReaderState

FRAGMENTS = {
    "newer": "conversation/_newer.html",
    "write": "conversation/_write.html",
    "preview": "conversation/_preview.html",
}

_POST = "conversation/_post.html"
_moment = i18n.cached_text(i18n.moment)
#: The id of the list from which one chooses whom to mention.
MENTIONS = "mentions"


def show(container: Container, thread: Thread) -> ResponseReturnValue:
    """Show the thread: from the start, at `?page=` or at the reply `?at=`.

    htmx fetches newer replies with `?since=` and one reply with `?only=`, or after a reaction
    `?at=`.
    """
    since, only = (request.args.get(name, type=int) for name in ("since", "only"))
    number = request.args.get("at", OPENING, type=int) if only is None else only
    if wanted_fragment() == f"r{number}":
        return post(container, thread, number)
    if wanted_fragment() == MENTIONS:
        return people_to_mention(
            container, thread, access.can_reply(current_user, container, thread)
        )
    if wanted_fragment() == "newer" and since is not None:
        return newer(container, thread, min(max(since, 0), thread.last_number))
    response = thread_page(container, thread)
    if wanted_fragment() == "write" and request.args.get("posted"):
        response.headers["HX-Trigger"] = (
            "live"  # fetch new replies at once, including the reader's own
        )
    return response


def thread_page(
    container: Container,
    thread: Thread,
    form: ReplyForm | None = None,
    status: int = 200,
    **more: Any,
) -> Response:
    """Render the requested page of the thread; `form` is a refused or previewed reply."""
    within = container.shared_with(current_user)
    page = _page(thread, within)
    reader_state = (
        reads.reader_state(thread, current_user) if current_user.id else ReaderState(None, None)
    )
    writes = access.can_reply(current_user, container, thread)
    answered_number = request.args.get("answer", type=int) if writes else None
    answers = (answered_number if form is None else form.answers.data) or 0
    parent = reads.one(thread, answers, within) if 0 < answers <= thread.last_number else None
    if form is None and parent is not None:
        form = ReplyForm(container.kind, formdata=None, answers=answers)
    response = render_page(
        "conversation/show.html",
        FRAGMENTS,
        status=status,
        thread=thread,
        page=page,
        reader_state=reader_state,
        parent=parent if parent is None or parent.removed_by is None else None,
        form=form,
        **rights(container, thread),
        **more,
    )
    seen = page.items[-1].number if page.items else 0
    if (
        request.method == "GET"
        and page.items
        and current_user.id
        and (reader_state.seen is None or seen > reader_state.seen)
    ):
        _note_seen(thread, seen, reader_state.seen is not None)
    return response


def newer(container: Container, thread: Thread, since: int) -> ResponseReturnValue:
    """Render the replies after this number, or 204 if there are none."""
    posts = reads.newer(thread, since, container.shared_with(current_user), current_user)
    if not posts:
        return Response(status=204)
    is_reader = current_user.id is not None
    state = reads.reader_state(thread, current_user) if is_reader else ReaderState(None, None)
    response = render_page(
        "conversation/_newer.html",
        FRAGMENTS,
        thread=thread,
        posts=posts,
        since=posts[-1].number,
        reader_state=state,
        newest=min(thread.reply_count, NEWEST),
        **rights(container, thread),
    )
    if is_reader:
        _note_seen(thread, posts[-1].number, state.seen is not None)
    return response


def post(container: Container, thread: Thread, number: int) -> ResponseReturnValue:
    """Render the reply with this number, or 204 if there is none."""
    exists = 0 <= number <= thread.last_number
    it = (
        reads.one(thread, number, container.shared_with(current_user), current_user)
        if exists
        else None
    )
    if it is None:
        return Response(status=204)
    context: dict[str, Any] = {"it": it, "thread": thread, "base": container.path_of(thread.id)}
    return render_page(_POST, {f"r{number}": _POST}, **context, **rights(container, thread))


class PicturePart(NamedTuple):
    """A picture in a post; append the size to `path`."""

    path: str
    width: int
    height: int
    alt: str


class PostPart(NamedTuple):
    """Everything that the HTML of a post depends on, for this reader.

    `handle` is unique, so people with the same name can be told apart; `edited` is "" if it never
    was, `topic` is "" for visitors; `can_read`: whether the reader may see its text; `away`: why it
    is collapsed.
    """

    id: UUID
    number: int
    base: str
    topic: str
    author: str
    byline: Markup
    face: Markup
    profile: str
    handle: str
    chips: tuple[str, ...]
    created: str
    moment: str
    since: str
    edited: str
    answers: int | None
    answered: str
    removed_by: str
    reason: str
    is_hidden: bool
    can_read: bool
    away: str
    body: str
    mentions: tuple[tuple[str, str], ...]
    reactions: tuple[ReactionView, ...]
    pictures: tuple[PicturePart, ...]
    is_mine: bool
    moderates: bool
    can_reply: bool
    can_edit: bool


def _chips(container: Container, it: PostView) -> tuple[str, ...]:
    """What no one can type beside their name: the author's role here and on the site."""
    of_site = _("Site admin") if it.author["is_admin"] else ""
    return tuple(str(one) for one in (container.chip_of(it), of_site) if one)


def post_part(
    it: PostView, thread: Thread, container: Container, base: str, rights: tuple[bool, bool, bool]
) -> PostPart:
    """Return the post as the reader sees it; `rights`: moderates, may announce, may reply."""
    author, row, reader = it.author, it.row, actor()
    moderates, announces, can_reply = rights
    face = avatars.face_of(author, reader, together=author["together"])
    is_mine, is_hidden = author["id"] == reader.id, row.hidden_at is not None
    can_read = _is_there(row) and (not is_hidden or is_mine or moderates)
    is_announcement = not row.number and thread.is_announcement
    return PostPart(
        id=row.id,
        number=row.number,
        base=base,
        topic=f"{container.topic_of(thread)}:r{row.number}" if reader.id else "",
        author=author["name"],
        byline=name_of(author, has_handle=True),
        face=avatar(author["id"], author["name"], "", False, face.src, face.srcset),
        profile=face.url,
        handle="" if author["deactivated_at"] else author["handle"],
        chips=_chips(container, it),
        created=row.created_at.isoformat(timespec="seconds"),
        moment=_moment(row.created_at),
        since=i18n.since(row.created_at),
        edited=i18n.since(row.edited_at) if row.edited_at else "",
        answers=row.answers,
        answered=name_in(row, "answered") if row.answers else "",
        removed_by=row.removed_by or "",
        reason=row.reason or "" if is_mine or moderates else "",
        is_hidden=is_hidden,
        can_read=can_read,
        away=row.block_kind or "" if can_read else "",
        body=row.body if can_read else "",
        mentions=tuple(it.mentions),
        reactions=tuple(it.reactions),
        pictures=_pictures_of(it, base) if can_read else (),
        is_mine=is_mine,
        moderates=moderates,
        can_reply=can_reply,
        can_edit=(is_mine and can_reply and not is_hidden) or (is_announcement and announces),
    )


def _is_there(row: Any) -> bool:
    return row.removed_by is None and row.body is not None


def _pictures_of(it: PostView, base: str) -> tuple[PicturePart, ...]:
    within = f"{base}/replies/{it.row.id}/pictures"
    return tuple(
        PicturePart(f"{within}/{one.id}", one.width, one.height, one.alt) for one in it.pictures
    )


def people_to_mention(
    container: Container, thread: Thread | None, can_write: bool
) -> ResponseReturnValue:
    """Render suggestions for `?mention=`, for people who may write there."""
    found = (
        mentions.offered(container, thread, actor(), query_text("mention"))
        if can_write and current_user.id
        else []
    )
    return render_page(
        "conversation/_mentions.html",
        {MENTIONS: "conversation/_mentions.html"},
        to_mention=found,
        together=container.shared_with(current_user) is not None,
    )


def rights(container: Container, thread: Thread) -> dict[str, Any]:
    """Return what the reader may do, for the templates."""
    return {
        "container": container,
        "moderates": container.can(current_user, access.MODERATE),
        "announces": container.can(current_user, access.ANNOUNCE),
        "can_reply": access.can_reply(current_user, container, thread),
    }


def _page(thread: Thread, within: Any) -> Page:
    """The page given by `?page=` or holding the reply `?at=`, or else the last one."""
    last = max(1, -(-thread.last_number // reads.REPLIES))
    at = request.args.get("at", type=int)
    number = (
        page_number()
        if at is None
        else -(-min(max(at, 1), thread.last_number or 1) // reads.REPLIES)
    )
    number = min(number, last)
    return Page(
        reads.page_of(thread, number, within, current_user),
        thread.last_number,
        number,
        reads.REPLIES,
    )


def _note_seen(thread: Thread, number: int, is_known: bool) -> None:
    """Store how far the person has read; the page is shown even if that fails.

    This GET writes, as `inbox.show` does: a page that was opened has been read.
    """
    thread_id, user_id, has_unread = thread.id, current_user.id, unread_count() > 0
    with write_during_get():
        following.mark_seen(thread_id, user_id, number, is_known)
        if has_unread:
            following.mark_read(user_id, thread_id)


#: Comments shown beside their subject; all have a page of their own.
NEWEST = 5


class CommentsBlock(NamedTuple):
    """The newest comments as someone may read them, and whether they may write."""

    thread: Thread
    container: Container
    posts: list[Any]
    can_reply: bool
    moderates: bool


def comments_block(container: CommentsContainer, user: Any) -> CommentsBlock:
    """Return the newest comments; visitors see only their number.

    For signed-in readers at most two more statements, and one if someone is mentioned.
    """
    thread, posts = container.thread(), []
    if user.id is not None and thread.last_number:
        posts = reads.newest(thread, NEWEST, container.shared_with(user), user)
    can_reply, moderates = (
        access.can_reply(user, container, thread),
        container.can(user, access.MODERATE),
    )
    return CommentsBlock(thread, container, posts, can_reply, moderates)
