"""The archive itself: JSON files by feature, the uploaded files, and a note on what is in it; it
lies among the site's files.
"""

import json
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core import hooks
from ..core.exports import Parts
from ..core.extensions import db
from ..core.files import files
from ..core.files.strays import strays
from .models import DataExport

#: Where archives lie among the site's files.
FOLDER = "exports/"

NOTE = """This is everything that {site} keeps about you, packed on {day}.

Each file of the folder data/ is one table, as JSON: a list with the oldest first. Moments are in UTC.
What you uploaded lies in the folder files/.

What is not here: passwords and other secrets; what other people wrote; their names and answers.
"""


def name_of(export_id: UUID, lease: UUID) -> str:
    """The name of the archive that the holder of this lease makes: of each try another one."""
    return f"{FOLDER}{export_id}-{lease}.zip"


def parts_of(user: User) -> Parts:
    """Everything that the features say belongs to `user`."""
    parts = Parts()
    hooks.user_exported(user=user, parts=parts)
    return parts


def packed(parts: Parts, target: IO[bytes], note: str) -> Iterator[int]:
    """Packs one part after the other into `target`; gives how many are in it by now.

    It is whole at the end.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", note)
        for number, part in enumerate(parts.json, 1):
            archive.writestr(f"data/{part.name}.json", _as_json(part.rows()))
            yield number
        for number, (called, name) in enumerate(parts.files.items(), len(parts.json) + 1):
            with files().open(name) as source, archive.open(f"files/{called}", "w") as place:
                while block := source.read(64 * 1024):
                    place.write(block)
            yield number


def put(name: str, source: IO[bytes]) -> None:
    """The archive lies among the site's files."""
    files().put(name, source)


def open_one(name: str) -> IO[bytes]:
    """The archive, to be read. Raises FileNotFoundError when it is gone."""
    return files().open(name)


def delete(name: str) -> None:
    """The archive is gone."""
    if name:
        files().delete(name)


def stray() -> list[str]:
    """Archives that no export has named for a day."""
    return strays(FOLDER, lambda: set(db.session.scalars(sa.select(DataExport.file))), str)


def sweep() -> int:
    """Those archives are gone; returns how many."""
    names = stray()
    files().delete(*names)
    return len(names)


def _as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2)
