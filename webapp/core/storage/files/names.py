"""What may be a name, and what a store's failures are called here."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import gettext as _
from obstore.exceptions import BaseError

from ...http.errors import UserError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*")


class StorageUnavailable(Exception):
    """The place where the files lie does not answer, or lets us do nothing."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """What the store says no to is Away; that a file is missing stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise StorageUnavailable(type(error).__name__) from error


def checked_name(name: str) -> str:
    """The name, which leads out of no folder.

    Raises UserError for one that an archive brought along.
    """
    if not _NAME.fullmatch(name) or ".." in name:
        raise UserError(
            _("The file “%(name)s” in the archive points outside its folder.", name=name)
        )
    return name
