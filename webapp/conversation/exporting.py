"""A person's data export: what they wrote, with every version, and what they follow."""

from typing import Any

import sqlalchemy as sa

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData, about
from ..core.extensions import db
from ..core.storage import pictures
from ..groups.models import Group
from . import post_pictures
from .models import (
    GROUP,
    Mention,
    Reaction,
    Reply,
    ReplyPicture,
    ReplyVersion,
    Thread,
    ThreadReader,
)

_INSIDE = {"id": "names nothing outside of this site", "thread_id": "its title is given instead"}
_THREAD = {"thread": about(Thread, "thread_id", "title")}


def add(user: User, parts: PersonalData) -> None:
    """Add their threads, replies with versions, followed threads, mentions of them, reactions and
    pictures; nothing that others wrote.
    """
    parts.add(_threads(user), _replies(user), _versions(user), _followed(user), _mentions(user))
    parts.add(_reactions(user), _pictures(user))
    for row in db.session.scalars(sa.select(ReplyPicture).where(post_pictures.posted_by(user))):
        if row.picture is not None:
            name = pictures.name_of(pictures.PHOTO, row.picture, max(pictures.PHOTO.widths))
            parts.add_file(name, f"conversations/{row.id}.webp")


def _threads(user: User) -> JsonFile:
    return JsonFile(
        "threads",
        Thread,
        sa.and_(Thread.author_id == user.id, Thread.kind == GROUP),
        columns=("title", "kind", "is_announcement", "created_at", "deleted_at", "title_hidden_at"),
        left_out={
            "id": "names nothing outside of this site",
            "author_id": "the person themselves",
            "group_id": "its name is given instead",
            "pinned_at": "what moderators did",
            "locked_at": "what moderators did",
            "last_number": "counts what others wrote",
            "reply_count": "counts what others wrote",
            "last_at": "when others wrote",
        },
        more={"group": about(Group, "group_id", "name")},
    )


def _replies(user: User) -> JsonFile:
    return JsonFile(
        "replies",
        Reply,
        Reply.author_id == user.id,
        columns=(
            "number",
            "created_at",
            "edited_at",
            "removed_by",
            "removed_at",
            "hidden_at",
            "reason",
        ),
        left_out={
            **_INSIDE,
            "author_id": "the person themselves",
            "answers": "to whom they answered is about others, too",
            "version": "the words of every version are in replies-words",
            "picture_count": "the pictures are in replies-pictures",
        },
        more=_THREAD,
    )


def _versions(user: User) -> JsonFile:
    return JsonFile(
        "replies-words",
        ReplyVersion,
        ReplyVersion.by_id == user.id,
        columns=("number", "title", "body", "created_at"),
        left_out={
            "id": "names nothing outside of this site",
            "by_id": "the person themselves",
            "reply_id": "the thread and its number there are given instead",
        },
        more={"thread": _of_reply("title"), "reply": about(Reply, "reply_id", "number")},
    )


def _pictures(user: User) -> JsonFile:
    return JsonFile(
        "replies-pictures",
        ReplyPicture,
        post_pictures.posted_by(user),
        columns=("alt", "size", "width", "height", "created_at"),
        left_out={
            "id": "names nothing outside of this site",
            "reply_id": "the thread and its number there are given instead",
            "picture": "goes along as a file",
        },
        more={"thread": _of_reply("title"), "reply": about(Reply, "reply_id", "number")},
    )


def _followed(user: User) -> JsonFile:
    mine = ThreadReader.user_id == user.id
    left_out = {**_INSIDE, "user_id": "the person themselves"}
    return JsonFile(
        "threads-read",
        ThreadReader,
        mine,
        ("state", "last_seen_number", "created_at"),
        left_out,
        _THREAD,
    )


def _mentions(user: User) -> JsonFile:
    return JsonFile(
        "mentions",
        Mention,
        Mention.user_id == user.id,
        columns=("handle", "created_at"),
        left_out={
            "id": "names nothing outside of this site",
            "user_id": "the person themselves",
            "reply_id": "the title of its thread is given instead",
        },
        more={"thread": _of_reply("title")},
    )


def _reactions(user: User) -> JsonFile:
    return JsonFile(
        "reactions",
        Reaction,
        Reaction.user_id == user.id,
        columns=("kind", "created_at"),
        left_out={
            "id": "names nothing outside of this site",
            "user_id": "the person themselves",
            "reply_id": "the thread and its number there are given instead",
        },
        more={"thread": _of_reply("title"), "reply": about(Reply, "reply_id", "number")},
    )


def _of_reply(attribute: str) -> Any:
    def tell(row: Any) -> Any:
        reply = db.session.get(Reply, row.reply_id)
        return getattr(reply.thread, attribute) if reply is not None else None

    return tell
