"""Retention rules, and sweeps of files that no row names."""

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
    """Files that `stray()` finds are deleted by `sweep()`, `after` this time `since` an event."""

    key: str
    what: Any
    after: timedelta
    since: Any
    why: Any
    stray: Callable[[], list[str]]
    sweep: Callable[[], int]


#: Files usually go with their rows; the sweeps delete those left behind.
SWEEPS = [
    Sweep(
        "archives",
        _("Archives of personal data that no one can download any more"),
        STRAY_FOR,
        _("they were stored"),
        _(
            "Archives are deleted with their record. These were left behind when packing was "
            "interrupted, or the storage was unavailable."
        ),
        exports.stray,
        exports.sweep,
    ),
    Sweep(
        "pictures",
        _("Pictures that are no longer used"),
        STRAY_FOR,
        _("they were stored"),
        _(
            "Replaced or removed pictures are deleted right away. These were left behind when "
            "something was interrupted or cleaned up, or were drawn for links to what has changed."
        ),
        pictures.stray,
        pictures.sweep,
    ),
    Sweep(
        "attachments",
        _("Uploaded files that are no longer used"),
        STRAY_FOR,
        _("they were stored"),
        _(
            "Removed files are deleted right away. These were left behind when something was "
            "interrupted, or their event was deleted."
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
    """Rows of `model` are deleted once `over(now, settings)` is true: `after` this time `since` an
    event.

    With `emptied` the rows stay, and these columns are overwritten.
    """

    key: str
    what: Any
    model: type
    after: timedelta
    since: Any
    why: Any
    over: Callable[[datetime, Setting], sa.ColumnElement[bool]]
    #: deletes what lies outside the database, before the rows
    clear: Callable[[], None] | None = None
    emptied: Mapping[str, Any] | None = None
