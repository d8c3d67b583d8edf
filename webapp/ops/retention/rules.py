"""What is cleared away of files: those that no row names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...core.storage import attachments, pictures
from ...core.storage.files import STRAY_FOR
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
        _("Archives of someone’s data that nobody can fetch any more"),
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


Setting = Mapping[str, Any]
AT_ONCE = timedelta(0)
WEEK, MONTH, QUARTER, YEAR = (
    timedelta(days=7),
    timedelta(days=30),
    timedelta(days=90),
    timedelta(days=365),
)


@dataclass(frozen=True)
class RetentionRule:
    """Rows of `model` are deleted once `over(now, settings)` holds of them: `after` so long `since`
    something.

    With `emptied` the rows stay, and these columns of them are so.
    """

    key: str
    what: Any
    model: type
    after: timedelta
    since: Any
    why: Any
    over: Callable[[datetime, Setting], sa.ColumnElement[bool]]
    #: takes away what lies outside of the database, before its rows go
    clear: Callable[[], None] | None = None
    emptied: Mapping[str, Any] | None = None
