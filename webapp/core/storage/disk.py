"""A full disk, no matter what reports it: Python, SQLite, PostgreSQL or the store of the files."""

import errno
from collections.abc import Iterator

#: What Python calls it, what SQLite calls it, and PostgreSQL's code for it.
ERRNO, SQLITE, SQLSTATE = (
    {errno.ENOSPC, errno.EDQUOT},
    {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"},
    "53100",
)


def is_full(error: BaseException | None) -> bool:
    """Return whether a full disk is what this error, or the one behind it, is about."""
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
