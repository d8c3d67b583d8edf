"""Data exports: requested, packed into an archive, and deleted later.

The archive contains JSON files by feature, the uploaded files, and a note about the contents. It is
stored with the site's files.
"""

import json
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..accounts.models import User
from ..core import hooks, live
from ..core.db.after_commit import after_commit
from ..core.exports import JsonFile, PersonalData
from ..core.extensions import db
from ..core.http.errors import Conflict
from ..core.jobs import queue
from ..core.observability import audit
from ..core.storage.files import files, strays
from ..core.time import clock
from . import reads
from .models import DataExport

#: The folder of archives in the file storage.
FOLDER = "exports/"

NOTE = """This is everything that {site} keeps about you, packed on {day}.

Each file of the folder data/ is one table, as JSON: a list with the oldest first.
Moments are in UTC.
What you uploaded lies in the folder files/.

What is not here: passwords and other secrets; what other people wrote; their names and answers.
"""


def name_of(export_id: UUID, lease: UUID) -> str:
    """Return the archive's name for this lease: each attempt has its own."""
    return f"{FOLDER}{export_id}-{lease}.zip"


def parts_of(user: User) -> PersonalData:
    """Collect from all features what belongs to `user`."""
    parts = PersonalData()
    hooks.user_exported(user=user, parts=parts)
    return parts


def packed(parts: PersonalData, target: IO[bytes], note: str) -> Iterator[int]:
    """Pack the parts into `target`; yield the number packed after each.

    The archive is complete at the end.
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
    """Store the archive with the site's files."""
    files().write(name, source)


def open_one(name: str) -> IO[bytes]:
    """Open the archive for reading. Raises FileNotFoundError."""
    return files().open(name)


def delete(name: str) -> None:
    """Delete the archive."""
    if name:
        files().delete(name)


def stray() -> list[str]:
    """Return archives that no export has named for a day."""
    return strays(FOLDER, lambda: set(db.session.scalars(sa.select(DataExport.file))), str)


def sweep() -> int:
    """Delete those archives; return how many."""
    names = stray()
    files().delete(*names)
    return len(names)


def _as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2)


def ask(by: User) -> DataExport:
    """Request an export of the person's data, replacing an earlier archive.

    Raises Conflict while one is being packed.
    """
    before = reads.export_of(by, for_update=True)
    if before is not None and before.is_on_its_way:
        raise Conflict(_being_packed())
    if before is not None:
        forget(before)
    export = DataExport(user_id=by.id)
    try:
        with db.session.begin_nested():
            db.session.add(export)
    except IntegrityError:
        raise Conflict(_being_packed()) from None
    audit.record("export.asked", by=by, subject=by)
    wake(export.id, attempts=0)
    return export


def wake(export_id: UUID, attempts: int) -> None:
    """Queue the packing after this transaction commits.

    Each attempt has its own job id, so that a killed worker's job doesn't block it.
    """
    queue.enqueue("privacy.pack", str(export_id), job_id=f"export-{export_id}-{attempts}")


def forget(export: DataExport) -> None:
    """Delete the row, and its archive after this transaction commits."""
    if export.file:
        after_commit(delete, export.file)
    db.session.delete(export)
    db.session.flush()


def add(user: User, parts: PersonalData) -> None:
    """Add the person's export requests to their export."""
    left_out = {
        "id": "names nothing outside of this site",
        "user_id": "the person themselves",
        "done": "how the packing goes",
        "total": "how the packing goes",
        "attempts": "how the packing goes",
        "lease": "how the packing goes",
        "leased_until": "how the packing goes",
        "file": "where the archive lies, which is this one",
        "size": "how the packing goes",
        "expires_at": "empty while it is packed",
    }
    parts.add(
        JsonFile(
            "exports", DataExport, DataExport.user_id == user.id, ("state", "created_at"), left_out
        )
    )


def erase(user: User) -> None:
    """Delete the user's archives."""
    for export in db.session.scalars(
        sa.select(DataExport).where(DataExport.user_id == user.id)
    ).all():
        forget(export)


def clear_expired() -> None:
    """Delete expired archives, before their rows are deleted."""
    for export in db.session.scalars(
        sa.select(DataExport).where(DataExport.expires_at <= clock.now())
    ).all():
        delete(export.file)


def topic(user_id: UUID) -> str:
    """Return the topic of the person's page while their data is packed."""
    return f"user:{user_id}:export"


def signal_progress(user_id: UUID) -> None:
    """Make their open page update its progress."""
    live.signal(topic(user_id))


def _being_packed() -> str:
    return _("Your archive is already being created.")
