"""Find a person in rows, in any column of any table, and in their data archive."""

import io
import zipfile
from typing import Any

import sqlalchemy as sa

from webapp.core.extensions import db


def belongs(table: Any, user: Any) -> Any:
    """Return the condition for rows of this table that refer to the person; None if none can."""
    if table.name == "outgoing_email":
        return table.c.address == user.email
    if table.name == "invitation":
        return table.c.email == user.email
    if table.name == "group_invitation":
        return sa.or_(table.c.by_id == user.id, table.c.email == user.email)
    if table.name == "event_invitation":
        return sa.or_(
            table.c.by_id == user.id, table.c.user_id == user.id, table.c.email == user.email
        )
    if table.name == "report_case":  # the person who decided wrote none of its words
        return table.c.author_id == user.id
    if table.name == "secret_roll":  # not linked to the person's row, which each mix would lock
        return table.c.user_id == user.id
    ids = [key.parent for key in table.foreign_keys if key.column.table.name == "user"]
    ids += [table.c.actor_id] if table.name == "audit_entry" else []
    return sa.or_(*(column == user.id for column in ids)) if ids else None


def found(*words: str) -> set[tuple[str, str]]:
    """Return (table, column) of every value in the database that contains one of the words, in any
    spelling.
    """
    sought = [word.lower() for word in words]
    held = {name: text.lower() for name, text in everything().items()}
    return {
        tuple(name.split("."))
        for name, text in held.items()
        if any(word in text for word in sought)
    }


def everything() -> dict[str, str]:
    """Return everything in the database as text, by column."""
    held: dict[str, str] = {}
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table)).all()
        columns = zip(*rows, strict=True) if rows else [()] * len(table.columns)
        held |= {
            f"{table.name}.{column.name}": str(values)
            for column, values in zip(table.columns, columns, strict=True)
        }
    return held


def archive_of(app: Any, user: Any) -> zipfile.ZipFile:
    """Return the archive that the job creates for the person."""
    from webapp.core.jobs import queue
    from webapp.privacy import exports, reads as export_reads

    before = export_reads.export_of(user)
    if before is not None:
        db.session.delete(before)
        db.session.commit()
    exports.ask(user)
    db.session.commit()
    queue.drain(app, raising=True)
    export = export_reads.export_of(user)
    assert export.is_ready
    return zipfile.ZipFile(io.BytesIO(exports.open_one(export.file).read()))
