"""What people upload, as bytes under names of ours: the one boundary, over a folder or an
S3-compatible store.

`app.extensions["files"]` is one of the two, with the same verbs. A name is never written twice with
other bytes, and no name is ever made of what someone typed. Nothing here knows whom a file belongs
to: each feature serves its own.
"""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from flask.typing import ResponseReturnValue

from ...extensions import db
from ...http.errors import disk_full, error_response
from ...time import clock
from .. import disk
from .bucket import Bucket
from .folder import Folder
from .names import StorageUnavailable

__all__ = ["StorageUnavailable", "Bucket", "Files", "Folder", "files", "init_app"]

Files = Folder | Bucket
log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """The site's files lie in the instance folder, made when the first one comes; or where
    FILES_URL says.
    """
    app.extensions["files"] = (
        Bucket(app.config) if app.config["FILES_URL"] else Folder(app.config["INSTANCE"] / "files")
    )
    app.register_error_handler(StorageUnavailable, _away)


def files() -> Files:
    """Where the files of this site lie."""
    found: Files = current_app.extensions["files"]
    return found


def _away(error: StorageUnavailable) -> ResponseReturnValue:
    if disk.is_full(error):
        return disk_full()
    log.error("files_unavailable", error=str(error))
    return error_response(503, retry_after=5)


#: A file that no row names is gone after this; until then its row may still be on the way.
STRAY_FOR = timedelta(days=1)


def strays(folder: str, named: Callable[[], set[str]], key: Callable[[str], str]) -> list[str]:
    """The files of the folder that have lain there for a day and whose `key` no row names;
    `named()` is asked where one has.
    """
    until = clock.now() - STRAY_FOR
    old = [name for name, since in files().dated() if name.startswith(folder) and since <= until]
    rows = named() if old else set()
    return [name for name in old if key(name) not in rows]


def named_by(kind: str) -> set[str]:
    """The ids that rows name in the columns of this kind: `picture` or `attachment`."""
    columns = [
        column
        for table in db.metadata.tables.values()
        for column in table.c
        if column.info.get(kind)
    ]
    every = sa.union_all(*(sa.select(column).where(column.is_not(None)) for column in columns))
    return {id.hex for id in db.session.scalars(every)}
