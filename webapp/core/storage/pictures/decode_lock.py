"""One picture of a site is decoded at a time on this machine: each may take MEMORY."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import contextmanager
from pathlib import Path

from flask import current_app, has_app_context
from flask_babel import gettext as _

from ...http.errors import UserError

#: Seconds until someone who waits for their turn is told to come again.
PATIENCE = 20.0

#: One thread waits for all others of this process, so that they are served in the order in which
#: they came. Of several processes the kernel serves whichever has waited longest.
_waiting = ThreadPoolExecutor(1, thread_name_prefix="pictures")


class Crowded(UserError):
    """Too many pictures are being decoded just now: others of the same form would wait in vain
    as well.
    """


@contextmanager
def one_at_a_time(field: str) -> Iterator[None]:
    """Nobody else decodes, in this process or in another of this site. Raises Crowded where that
    takes too long.

    The kernel releases the lock with its holder, also of a process that is killed.
    """
    lock = _taken(_folder(), field)
    try:
        yield
    finally:
        os.close(lock)


def _taken(folder: Path, field: str) -> int:
    asked = _waiting.submit(_locked, folder)
    try:
        return asked.result(PATIENCE)
    except TookTooLong:
        if not asked.cancel():
            asked.add_done_callback(_let_go)
        raise Crowded(
            _("A lot of people are uploading pictures right now. Try again in a moment."), field
        ) from None


def _locked(folder: Path) -> int:
    lock = _opened(folder)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _let_go(asked: Future[int]) -> None:
    """The process that wanted it has gone."""
    if asked.exception() is None:
        os.close(asked.result())


def _opened(folder: Path) -> int:
    """The file of the lock, also where the site's own folder is read-only.

    Raises PermissionError for someone else's.
    """
    how = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        lock = os.open(file_in(folder), how, 0o600)
    except OSError:
        lock = os.open(file_in(Path(tempfile.gettempdir())), how, 0o600)
    if os.fstat(lock).st_uid != os.geteuid():
        os.close(lock)
        raise PermissionError("The lock of the pictures belongs to someone else.")
    return lock


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"] if has_app_context() else tempfile.gettempdir())


def file_in(folder: Path) -> Path:
    """Whose lock it is, in this folder."""
    return folder / f"drawing-{os.geteuid()}.lock"
