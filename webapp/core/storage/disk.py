"""Recognise a full disk, whichever reports it: Python, SQLite, PostgreSQL or the file store."""

import errno
from collections.abc import Iterator

#: A full disk as Python, SQLite and PostgreSQL report it.
ERRNO, SQLITE, SQLSTATE = (
    {errno.ENOSPC, errno.EDQUOT},
    {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"},
    "53100",
)


def is_full(error: BaseException | None) -> bool:
    """Return whether this error or one of its causes means a full disk."""
    return any(_says_full(one) for one in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = getattr(error, "orig", None) or error.__cause__ or error.__context__


def _says_full(error: BaseException) -> bool:
    return (
        getattr(error, "errno", None) in ERRNO
        or getattr(error, "sqlite_errorname", "") in SQLITE
        or getattr(error, "sqlstate", None) == SQLSTATE
        or "No space left on device" in str(error)  # obstore has no code for it
    )
