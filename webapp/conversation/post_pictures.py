"""Pictures in posts: uploaded with a post, described and removed when it is edited.

Files are stored before their rows are added, and deleted after these are.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..core.db.base import new_id
from ..core.db.session import one_or_404
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.storage import pictures
from ..core.storage.pictures import PHOTO, StoredPicture
from .models import Reply, ReplyPicture

#: The form's field.
FIELD = "pictures"
#: The most pictures in a post.
MOST = 4


class PictureChanges(NamedTuple):
    """Changes to a post's pictures: new ones, descriptions, removed ones."""

    new: Sequence[StoredPicture] = ()
    alts: Mapping[uuid.UUID, str] = {}
    removed: Collection[uuid.UUID] = ()


def store(contents: Iterable[bytes]) -> list[StoredPicture]:
    """Store the pictures as files. Raises UserError if one is no picture; then none is kept."""
    kept: list[StoredPicture] = []
    try:
        for content in contents:
            kept.append(pictures.keep_measured(PHOTO, content))
    except Exception as refused:
        give_back(kept)
        if isinstance(refused, UserError):
            refused.field = FIELD
        raise
    return kept


def give_back(kept: Iterable[StoredPicture]) -> None:
    """Delete the files of pictures that won't get a row."""
    for picture in kept:
        pictures.discard(PHOTO, picture.id)


def refuse_full(by: User, most: int) -> None:
    """Raises UserError if the pictures in all of the person's posts take `most` bytes or more.

    Two posts at once may exceed that a little.
    """
    taken = sa.select(sa.func.coalesce(sa.func.sum(ReplyPicture.size), 0)).where(posted_by(by))
    if (db.session.scalar(taken) or 0) >= most:
        raise UserError(_("You’ve used all your space. Remove pictures from older posts."), FIELD)


def refuse_many(number: int) -> None:
    """Raises UserError if a post can't have so many pictures."""
    if number > MOST:
        raise UserError(
            ngettext("Choose only 1 picture.", "Choose up to %(num)d pictures.", MOST), FIELD
        )


def add(reply: Reply, new: Sequence[StoredPicture]) -> None:
    """Add pictures to the post."""
    refuse_many(reply.picture_count + len(new))
    for it in new:
        row = ReplyPicture(id=new_id(), reply_id=reply.id, picture=it.id)
        row.size, row.width, row.height = it.size, it.width, it.height
        db.session.add(row)
    reply.picture_count += len(new)
    db.session.flush()


def change(reply: Reply, changes: PictureChanges) -> bool:
    """Apply an edit to the post's pictures. Return whether pictures were added or removed."""
    rows = of([reply.id]).get(reply.id, [])
    removed = [row for row in rows if row.id in changes.removed]
    refuse_many(len(rows) - len(removed) + len(changes.new))
    for row in rows:
        row.alt = changes.alts.get(row.id, row.alt)
    _delete(reply, removed)
    add(reply, changes.new)
    return bool(removed or changes.new)


def of(reply_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[ReplyPicture]]:
    """Return the pictures of these posts by post, in order."""
    found: dict[uuid.UUID, list[ReplyPicture]] = {}
    if reply_ids:
        query = sa.select(ReplyPicture).where(ReplyPicture.reply_id.in_(reply_ids))
        for row in db.session.scalars(query.order_by(ReplyPicture.id)):
            found.setdefault(row.reply_id, []).append(row)
    return found


def one(reply: Reply, image_id: uuid.UUID) -> ReplyPicture:
    """Return this post's picture with this id. Raises NotFound."""
    return one_or_404(
        sa.select(ReplyPicture).where(
            ReplyPicture.id == image_id, ReplyPicture.reply_id == reply.id
        )
    )


def posted_by(user: User) -> sa.ColumnElement[bool]:
    """Return the condition that `user` posted the picture."""
    return ReplyPicture.reply_id.in_(sa.select(Reply.id).where(Reply.author_id == user.id))


def erase(user: User) -> None:
    """Delete all pictures that `user` posted."""
    mine = sa.select(Reply).where(Reply.author_id == user.id, Reply.picture_count > 0)
    for reply in db.session.scalars(mine.order_by(Reply.id)).all():
        clear(reply)


def clear(reply: Reply) -> None:
    """Delete the post's pictures."""
    _delete(reply, of([reply.id]).get(reply.id, []))


def _delete(reply: Reply, rows: Iterable[ReplyPicture]) -> None:
    for row in rows:
        pictures.drop(PHOTO, row.picture)
        db.session.delete(row)
        reply.picture_count -= 1
    db.session.flush()
