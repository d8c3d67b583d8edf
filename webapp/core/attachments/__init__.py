"""Files that people bring for others to take home: kept as they came, of kinds that we know by
their content, and never shown in a browser by us. Pictures are another matter (`core.pictures`):
those are drawn anew.

A row holds a file's id in a column made by `attachment_column()`. Each feature serves its files by
a route of its own, under the access of the page that they belong to.
"""

from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Response
from sqlalchemy.orm import MappedColumn, mapped_column
from werkzeug.exceptions import NotFound

from ..after_commit import after_commit
from ..extensions import db
from ..files import files
from ..files.strays import strays
from .kinds import KINDS, Kind, is_picture, kind_of
from .names import called

__all__ = [
    "KINDS",
    "Kind",
    "answer",
    "attachment_column",
    "called",
    "discard",
    "drop",
    "is_picture",
    "keep",
    "kind_of",
    "name_of",
    "stray",
    "sweep",
]

FOLDER = "attachments/"
#: Whatever a browser makes of it: it runs nothing, fetches nothing, and is of no site's origin.
CSP = "default-src 'none'; sandbox"


def attachment_column() -> MappedColumn[Any]:
    """The column of a row that may have a file: what a sweep asks before it deletes."""
    return mapped_column(sa.Uuid, info={"attachment": True}, nullable=True)


def keep(content: bytes) -> UUID:
    """The file lies there; returns its id, for the row. `kind_of` has looked at it before."""
    id = uuid4()
    files().write(name_of(id), content)
    return id


def name_of(id: UUID) -> str:
    """What the file is called where the files lie."""
    return f"{FOLDER}{id.hex}"


def drop(id: UUID | None) -> None:
    """Once this transaction has committed, the file is gone; nothing happens where there was
    none.
    """
    if id is not None:
        after_commit(discard, id)


def discard(id: UUID) -> None:
    """The file is gone now."""
    files().delete(name_of(id))


def answer(id: UUID, kind: str, name: str) -> Response:
    """The file to take home, under that name; no cache keeps it. Raises NotFound."""
    try:
        content = files().read(name_of(id))
    except FileNotFoundError as gone:
        raise NotFound() from gone
    response = Response(
        content, mimetype=KINDS[kind].mimetype if kind in KINDS else "application/octet-stream"
    )
    plain = (
        name.encode("ascii", "replace")
        .decode()
        .replace("?", "_")
        .replace('"', "_")
        .replace("\\", "_")
    )
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = CSP
    response.headers["Cache-Control"] = "private, no-store"
    return response


def stray() -> list[str]:
    """The files that no row has had for a day."""
    return strays(FOLDER, _named, lambda name: name.removeprefix(FOLDER))


def sweep() -> int:
    """Those files are gone; returns how many."""
    names = stray()
    files().delete(*names)
    return len(names)


def _named() -> set[str]:
    columns = [
        column
        for table in db.metadata.tables.values()
        for column in table.c
        if column.info.get("attachment")
    ]
    every = sa.union_all(*(sa.select(column).where(column.is_not(None)) for column in columns))
    return {id.hex for id in db.session.scalars(every)}
