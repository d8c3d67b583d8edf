"""One picture at a time is decoded on this machine: each may take MEMORY."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app, has_app_context
from flask_babel import gettext as _

from ..errors import RuleBroken

#: Seconds until somebody who waits for their turn is told to come again, and between two looks whether it has come.
PATIENCE, PAUSE = 20.0, 0.02


class Crowded(RuleBroken):
    """Too many pictures are being decoded just now: others of the same form would wait in vain as well."""


@contextmanager
def one_at_a_time(field: str) -> Iterator[None]:
    """Nobody else decodes, in this process or in another of this site. Raises Crowded where that takes too long.

    The kernel lets go of the lock with whoever holds it, also of a process that is killed.
    """
    lock = _opened()
    try:
        _wait(lock, field)
        yield
    finally:
        os.close(lock)


def _wait(lock: int, field: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Crowded(_("Many people are sending pictures just now. Try again in a moment."), field) from None
            time.sleep(PAUSE)


def _opened() -> int:
    """The file of the lock, also where the site's own folder is read-only."""
    how = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(file_in(_folder()), how, 0o600)
    except OSError:
        return os.open(file_in(Path(tempfile.gettempdir())), how, 0o600)


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"] if has_app_context() else tempfile.gettempdir())


def file_in(folder: Path) -> Path:
    """Whose lock it is, in this folder."""
    return folder / f"drawing-{os.getuid()}.lock"
