"""Uploaded pictures: never stored as they came, only as we encoded them again (`drawing`).

A row holds a picture's id in a column made by `picture_column()`. Files are named by the id and the
size. A new picture has a new id, so browsers may keep one for good. Each feature serves its
pictures by its own route, with its own access rules.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore, Lock
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Response, request
from sqlalchemy.orm import MappedColumn, mapped_column
from werkzeug.exceptions import NotFound, ServiceUnavailable

from ...db.after_commit import after_commit
from ..files import files, named_by, strays
from .kinds import AVATAR, CARD, COVER, LOGO, PHOTO, SHARE, Crowded, PictureKind

__all__ = [
    "AVATAR",
    "CARD",
    "COVER",
    "Crowded",
    "LOGO",
    "PHOTO",
    "SHARE",
    "StoredPicture",
    "PictureKind",
    "duplicate",
    "answer",
    "answer_drawn",
    "discard",
    "drop",
    "keep",
    "kept",
    "keep_measured",
    "name_of",
    "picture_column",
    "stray",
    "sweep",
]

FOLDER = "pictures/"


def picture_column() -> MappedColumn[Any]:
    """Return a column for a row that may have a picture.

    The sweep looks at these before it deletes.
    """
    return mapped_column(info={"picture": True}, nullable=True)


def keep(kind: PictureKind, content: bytes) -> UUID:
    """Store the picture in every size of its kind; return its id.

    Raises UserError if it isn't a picture.
    """
    return keep_measured(kind, content).id


@contextmanager
def kept(kind: PictureKind, content: bytes | None) -> Iterator[UUID | None]:
    """Store the picture, if there is one, while the block saves what it belongs to; if that is
    refused, delete its files again.

    Raises UserError if it isn't a picture. Yields its id.
    """
    id = keep(kind, content) if content is not None else None
    try:
        yield id
    except Exception:
        if id is not None:
            discard(kind, id)
        raise


class StoredPicture(NamedTuple):
    """A stored picture: its size in bytes over all files, and the width and height of the
    largest.
    """

    id: UUID
    size: int
    width: int
    height: int


def keep_measured(kind: PictureKind, content: bytes) -> StoredPicture:
    """Store the picture as `keep` does; return its size too."""
    from .drawing import draw, size_of  # slow to import: only when someone uploads a picture

    id, made = uuid4(), draw(kind, content)
    for size, image in made.items():
        files().write(name_of(kind, id, size), image)
    width, height = size_of(made[max(kind.widths)])
    return StoredPicture(id, sum(map(len, made.values())), width, height)


def duplicate(kind: PictureKind, id: UUID) -> UUID | None:
    """Copy the picture; return the new id.

    None if the files are missing.
    """
    copy = uuid4()
    try:
        content = {size: files().read(name_of(kind, id, size)) for size in kind.sizes}
    except FileNotFoundError:
        return None
    for size, image in content.items():
        files().write(name_of(kind, copy, size), image)
    return copy


def drop(kind: PictureKind, id: UUID | None) -> None:
    """Delete the picture's files after this transaction commits; do nothing for None."""
    if id is not None:
        after_commit(discard, kind, id)


def answer(kind: PictureKind, id: UUID, size: int) -> Response:
    """Send the picture in one size, cached for good: its URL never shows another.

    Raises NotFound.
    """
    if size not in kind.sizes:
        raise NotFound()
    try:
        content = files().read(name_of(kind, id, size))
    except FileNotFoundError as gone:
        raise NotFound() from gone
    response = Response(content, mimetype=kind.type_of(size))
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.set_etag(f"{id.hex}-{size}")
    response.make_conditional(request)
    return response


#: A process draws one card at a time. A few requests may wait, so that threads are left for others.
_drawing, _places = Lock(), BoundedSemaphore(5)


def answer_drawn(id: UUID, size: int, draw: Callable[[], bytes]) -> Response:
    """Send the card with this id as `answer` does. It is drawn once, for the first who asks.

    Raises NotFound for another size, and ServiceUnavailable if too many wait.
    """
    with suppress(NotFound):
        return answer(CARD, id, size)
    if not _places.acquire(blocking=False):
        raise ServiceUnavailable(retry_after=5)
    try:
        with _drawing:
            with suppress(NotFound):
                return answer(CARD, id, size)
            if size in CARD.sizes:
                files().write(name_of(CARD, id, size), draw())
    finally:
        _places.release()
    return answer(CARD, id, size)


def stray() -> list[str]:
    """Return the files of pictures that no row has referred to for a day."""
    return strays(
        FOLDER,
        lambda: named_by("picture"),
        lambda name: name.removeprefix(FOLDER).partition("-")[0],
    )


def sweep() -> int:
    """Delete those files; return how many."""
    names = stray()
    files().delete(*names)
    return len(names)


def name_of(kind: PictureKind, id: UUID, size: int) -> str:
    """Return the name of the picture's file in this size."""
    return f"{FOLDER}{id.hex}-{size}.{kind.ending_of(size)}"


def discard(kind: PictureKind, id: UUID) -> None:
    """Delete the picture's files now."""
    files().delete(*(name_of(kind, id, size) for size in kind.sizes))
