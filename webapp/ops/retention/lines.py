"""A line of the table, and the spans of time that several of them name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

Setting = Mapping[str, Any]
AT_ONCE = timedelta(0)
WEEK, MONTH, QUARTER, YEAR = (
    timedelta(days=7),
    timedelta(days=30),
    timedelta(days=90),
    timedelta(days=365),
)


@dataclass(frozen=True)
class Line:
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
