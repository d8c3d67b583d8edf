"""What people upload, as bytes under names of ours: the one boundary, over a folder or an
S3-compatible store.

`app.extensions["files"]` is one of the two, with the same verbs. A name is never written twice with
other bytes, and no name is ever made of what somebody typed. Nothing here knows whom a file belongs
to: each feature serves its own.
"""

import structlog
from flask import Flask, current_app
from flask.typing import ResponseReturnValue

from .. import disk
from ..errors import disk_full, error_answer
from .bucket import Bucket
from .folder import Folder
from .names import Away

__all__ = ["Away", "Bucket", "Files", "Folder", "files", "init_app"]

Files = Folder | Bucket
log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """The site's files lie in the instance folder, made when the first one comes; or where
    FILES_URL says.
    """
    app.extensions["files"] = (
        Bucket(app.config) if app.config["FILES_URL"] else Folder(app.config["INSTANCE"] / "files")
    )
    app.register_error_handler(Away, _away)


def files() -> Files:
    """Where the files of this site lie."""
    found: Files = current_app.extensions["files"]
    return found


def _away(error: Away) -> ResponseReturnValue:
    if disk.is_full(error):
        return disk_full()
    log.error("files_unavailable", error=str(error))
    return error_answer(503, retry_after=5)
