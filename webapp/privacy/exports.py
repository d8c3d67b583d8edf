"""Taking one's data along: asked for, and forgotten."""

from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..accounts.models import User
from ..core import audit, clock, live, queue
from ..core.after_commit import after_commit
from ..core.errors import Conflict
from ..core.exports import Part, Parts
from ..core.extensions import db
from . import archives, reads
from .models import DataExport


def ask(by: User) -> DataExport:
    """`by`'s data is packed soon, in place of an earlier archive.

    Raises Conflict while it is being packed.
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
    """The queue is asked to pack it once this transaction has committed; a killed worker's job
    stands in nobody's way.
    """
    queue.enqueue("privacy.pack", str(export_id), job_id=f"export-{export_id}-{attempts}")


def forget(export: DataExport) -> None:
    """The row is gone, and its archive once this transaction has committed."""
    if export.file:
        after_commit(archives.delete, export.file)
    db.session.delete(export)
    db.session.flush()


def add(user: User, parts: Parts) -> None:
    """That they take their data along is part of it."""
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
        Part(
            "exports", DataExport, DataExport.user_id == user.id, ("state", "created_at"), left_out
        )
    )


def erase(user: User) -> None:
    """No archive of theirs is left."""
    for export in db.session.scalars(
        sa.select(DataExport).where(DataExport.user_id == user.id)
    ).all():
        forget(export)


def clear_expired() -> None:
    """Archives whose time is over are gone, before their rows are."""
    for export in db.session.scalars(
        sa.select(DataExport).where(DataExport.expires_at <= clock.now())
    ).all():
        archives.delete(export.file)


def topic(user_id: UUID) -> str:
    """What the person's page listens to while their data is packed."""
    return f"user:{user_id}:export"


def moved(user_id: UUID) -> None:
    """Their open page asks again how far it is."""
    live.signal(topic(user_id))


def _being_packed() -> str:
    return _("Your data is being packed already.")
