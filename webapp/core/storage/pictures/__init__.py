"""Pictures that people upload: never kept as they came, only as we have drawn them again
(`drawing`), under names of ours.

A row holds a picture's id in a column made by `picture_column()`; its files are named by that id
and their size. A new picture has a new id, so that anyone who has fetched one may keep it for good.
Each feature serves its pictures by a route of its own, under the access of what they belong to.
"""

from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Response, request
from sqlalchemy.orm import MappedColumn, mapped_column
from werkzeug.exceptions import NotFound

from ...db.after_commit import after_commit
from ...http.errors import UserError
from ..files import files, named_by, strays

__all__ = [
    "AVATAR",
    "COVER",
    "Crowded",
    "LOGO",
    "PHOTO",
    "SHARE",
    "StoredPicture",
    "PictureKind",
    "duplicate",
    "answer",
    "discard",
    "drop",
    "keep",
    "keep_measured",
    "name_of",
    "picture_column",
    "stray",
    "sweep",
]

#: The picture that other sites show beside a link: so wide, and 630 high.
SHARE = 1200
SHARE_HEIGHT = 630


class PictureKind(NamedTuple):
    """Square or as it came; as wide as each of `sizes` (never wider than it was, unless square).

    `share`: with SHARE, as JPEG. `whole`: nothing is cut off, and PNG, which emails can show.
    """

    name: str
    widths: tuple[int, ...]
    square: bool
    share: bool = False
    whole: bool = False

    @property
    def sizes(self) -> tuple[int, ...]:
        """Every size by which one may ask for it."""
        return (*self.widths, SHARE) if self.share else self.widths

    def ending_of(self, size: int) -> str:
        """How the file's name ends."""
        return "png" if self.whole else "jpg" if self.share and size == SHARE else "webp"

    def type_of(self, size: int) -> str:
        """What the file is."""
        return f"image/{self.ending_of(size).replace('jpg', 'jpeg')}"


AVATAR = PictureKind("avatar", (48, 96, 256), square=True)
#: One of many, small among the others and large alone.
PHOTO = PictureKind("photo", (400, 1600), square=False)
COVER = PictureKind("cover", (320, 800, 1600), square=False, share=True)
LOGO = PictureKind("logo", (64, 192, 512), square=True, whole=True)


class Crowded(UserError):
    """Too many pictures are being decoded just now: others of the same form would wait in vain
    as well.
    """


FOLDER = "pictures/"


def picture_column() -> MappedColumn[Any]:
    """The column of a row that may have a picture: what a sweep asks before it deletes."""
    return mapped_column(info={"picture": True}, nullable=True)


def keep(kind: PictureKind, content: bytes) -> UUID:
    """The picture lies in the files in every size of its kind; returns its id, for the row.

    Raises UserError for none.
    """
    return keep_measured(kind, content).id


class StoredPicture(NamedTuple):
    """A picture that lies in the files: the room that it takes there, and how wide and high its
    largest size is.
    """

    id: UUID
    size: int
    width: int
    height: int


def keep_measured(kind: PictureKind, content: bytes) -> StoredPicture:
    """As `keep`, for a row that says how large the picture is."""
    from .drawing import draw, size_of  # heavy: only where someone sends a picture

    id, made = uuid4(), draw(kind, content)
    for size, image in made.items():
        files().write(name_of(kind, id, size), image)
    width, height = size_of(made[max(kind.widths)])
    return StoredPicture(id, sum(map(len, made.values())), width, height)


def duplicate(kind: PictureKind, id: UUID) -> UUID | None:
    """The same picture lies in the files once more; returns its id there.

    None where the files of the first are gone.
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
    """Once this transaction has committed, the picture's files are gone; nothing happens where
    there was none.
    """
    if id is not None:
        after_commit(discard, kind, id)


def answer(kind: PictureKind, id: UUID, size: int) -> Response:
    """The picture in one size, for the person who asked to keep: under this address there will
    never be another. Raises NotFound.
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


def stray() -> list[str]:
    """The files of pictures that no row has had for a day."""
    return strays(
        FOLDER,
        lambda: named_by("picture"),
        lambda name: name.removeprefix(FOLDER).partition("-")[0],
    )


def sweep() -> int:
    """Those files are gone; returns how many."""
    names = stray()
    files().delete(*names)
    return len(names)


def name_of(kind: PictureKind, id: UUID, size: int) -> str:
    """The name of the picture's file in that size."""
    return f"{FOLDER}{id.hex}-{size}.{kind.ending_of(size)}"


def discard(kind: PictureKind, id: UUID) -> None:
    """The picture's files are gone now."""
    files().delete(*(name_of(kind, id, size) for size in kind.sizes))
