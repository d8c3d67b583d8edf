"""What is cleared away of files: those that no row names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from ...core import attachments, pictures
from ...core.files.strays import STRAY_FOR
from ...privacy import exports


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
        "archives",
        _("Archives of somebody’s data that nobody can fetch any more"),
        STRAY_FOR,
        _("they came"),
        _(
            "They go with what says where they lie; these were left when the packing broke off, "
            "or the store was away."
        ),
        exports.stray,
        exports.sweep,
    ),
    Sweep(
        "pictures",
        _("Pictures that belong to nothing any more"),
        STRAY_FOR,
        _("they came"),
        _(
            "What is replaced or removed is gone at once; these were left when something broke "
            "off or was cleared away."
        ),
        pictures.stray,
        pictures.sweep,
    ),
    Sweep(
        "attachments",
        _("Files that people brought, and that belong to nothing any more"),
        STRAY_FOR,
        _("they came"),
        _(
            "What is removed is gone at once; these were left when something broke off, or went "
            "with their event."
        ),
        attachments.stray,
        attachments.sweep,
    ),
]
