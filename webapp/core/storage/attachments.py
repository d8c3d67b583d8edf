"""Attached files and their download names: the uploaded name, with the extension of the actual
type.
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
from ..text.typed import single_line
from .file_types import FILE_TYPES, FileType, file_type_of, is_picture
from .files import files, named_by, strays

#: Characters kept of a name, and read of one: the uploader chooses its length.
MOST, READ = 80, 320
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%;]')
#: Extensions begin with a letter, unlike the dots of dates and times.
_ENDINGS = re.compile(r"(\.[A-Za-z][A-Za-z0-9]{0,4})+$")


def download_name(name: str, ending: str) -> str:
    """Return a safe file name with this extension.

    It is one line without folders, invisible characters or other extensions.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2][:READ])
    stem = _ENDINGS.sub("", _FORBIDDEN.sub(" ", single_line(last) or ""))
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
#: Whatever a browser makes of the file, it runs nothing, loads nothing and has no origin.
CSP = "default-src 'none'; sandbox"


def attachment_column() -> MappedColumn[Any]:
    """Return a column for a row that may have a file.

    The sweep looks at these before it deletes.
    """
    return mapped_column(info={"attachment": True}, nullable=True)


def keep(content: bytes) -> UUID:
    """Store the file and return its id. `file_type_of` has checked it."""
    id = uuid4()
    files().write(name_of(id), content)
    return id


def name_of(id: UUID) -> str:
    """Return the file's name in the storage."""
    return f"{FOLDER}{id.hex}"


def drop(id: UUID | None) -> None:
    """Delete the file after this transaction commits; do nothing for None."""
    if id is not None:
        after_commit(discard, id)


def discard(id: UUID) -> None:
    """Delete the file now."""
    files().delete(name_of(id))


def send_attachment(id: UUID, kind: str, name: str) -> Response:
    """Send the file as a download with this name; caches don't keep it. Raises NotFound."""
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
    """Return the files that no row has referred to for a day."""
    return strays(FOLDER, lambda: named_by("attachment"), lambda name: name.removeprefix(FOLDER))


def sweep() -> int:
    """Delete those files; return how many."""
    names = stray()
    files().delete(*names)
    return len(names)
