"""What is cleared away of files: those that no row names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from ...core import pictures


@dataclass(frozen=True)
class Sweep:
    """Files that `stray()` finds are deleted by `sweep()`: `after` so long `since` something."""

    key: str
    what: Any
    after: timedelta
    since: Any
    why: Any
    stray: Callable[[], list[str]]
    sweep: Callable[[], int]


#: Files that no row names any more: what their rows leave behind is deleted with them, or here.
SWEEPS = [
    Sweep(
        "pictures",
        _("Pictures that belong to nothing any more"),
        pictures.STRAY_FOR,
        _("they came"),
        _("What is replaced or removed is gone at once; these were left when something broke off or was cleared away."),
        pictures.stray,
        pictures.sweep,
    )
]
