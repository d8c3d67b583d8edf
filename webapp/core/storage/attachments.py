"""What a file is called when it is downloaded: as it was when it was uploaded, with the ending of
what it is.
"""

import re
import unicodedata
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from flask import Response
from sqlalchemy.orm import MappedColumn, mapped_column
from werkzeug.exceptions import NotFound

from ..db.after_commit import after_commit
from .file_types import FILE_TYPES, FileType, file_type_of, is_picture
from .files import files, named_by, strays

#: So long are names, and so much of one is looked at: who sends it chooses how long it is.
MOST, READ = 80, 320
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%;]')
#: Endings begin with a letter: days and hours in a name are none.
_ENDINGS = re.compile(r"(\.[A-Za-z][A-Za-z0-9]{0,4})+$")


def download_name(name: str, ending: str) -> str:
    """One line without folders, signs that lead elsewhere or change how it reads, or another
    ending.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2][:READ])
    clean = "".join(
        sign if sign.isprintable() and unicodedata.category(sign) != "Cf" else " " for sign in last
    )
    stem = _ENDINGS.sub("", _FORBIDDEN.sub(" ", clean))
    return f"{' '.join(stem.split()).strip('. ')[:MOST].rstrip('. ') or 'file'}.{ending}"


__all__ = [
    "FILE_TYPES",
    "FileType",
    "send_attachment",
    "attachment_column",
    "download_name",
    "discard",
    "drop",
    "is_picture",
    "keep",
    "file_type_of",
    "name_of",
    "stray",
    "sweep",
]

FOLDER = "attachments/"
#: Whatever a browser makes of it: it runs nothing, fetches nothing, and is of no site's origin.
CSP = "default-src 'none'; sandbox"


def attachment_column() -> MappedColumn[Any]:
    """The column of a row that may have a file: what a sweep asks before it deletes."""
    return mapped_column(info={"attachment": True}, nullable=True)


def keep(content: bytes) -> UUID:
    """The file lies there; returns its id, for the row. `file_type_of` has looked at it before."""
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


def send_attachment(id: UUID, kind: str, name: str) -> Response:
    """The file to take home, under that name; no cache keeps it. Raises NotFound."""
    try:
        content = files().read(name_of(id))
    except FileNotFoundError as gone:
        raise NotFound() from gone
    response = Response(
        content,
        mimetype=FILE_TYPES[kind].mimetype if kind in FILE_TYPES else "application/octet-stream",
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
    return strays(FOLDER, lambda: named_by("attachment"), lambda name: name.removeprefix(FOLDER))


def sweep() -> int:
    """Those files are gone; returns how many."""
    names = stray()
    files().delete(*names)
    return len(names)
