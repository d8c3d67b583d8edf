"""The database's clock, which all machines share.

SQLite has no clock but this machine's: `core.time.clock`.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from ..extensions import db
from ..time import clock


def now() -> datetime:
    """Return the time, however old the transaction is: for leases and votes."""
    if clock.is_set() or db.engine.dialect.name == "sqlite":
        return clock.now()
    return db.session.execute(sa.text("SELECT clock_timestamp()")).scalar_one().astimezone(UTC)


def now_or_default() -> datetime | None:
    """Return a value for a column whose default is `sa.func.now()`, without a statement of its own.

    None means the default: rows with an SQL expression would be inserted one by one.
    """
    return clock.now() if clock.is_set() or db.engine.dialect.name == "sqlite" else None
