"""Files that lie about: what a row named once, or what broke off before its row said so."""

from collections.abc import Callable
from datetime import timedelta

from .. import clock
from . import files

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
