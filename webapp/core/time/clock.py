"""The current time.

Tests change `now`. `database_now` is the database's clock, which all machines share.
"""

from datetime import UTC, datetime

import sqlalchemy as sa


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def database_moment() -> datetime | None:
    """Return a value for a column whose default is `sa.func.now()`, without a statement of its own.

    None means the default: rows with an SQL expression would be inserted one by one. SQLite has no
    clock but this machine's.
    """
    from ..extensions import db

    return now() if db.engine.dialect.name == "sqlite" else None


def database_now() -> datetime:
    """Return the time by the database's clock, however old the transaction is: for leases and
    votes.

    SQLite has no clock but this machine's, so there it is `now()`.
    """
    from ..extensions import db

    if db.engine.dialect.name == "sqlite":
        return now()
    return db.session.execute(sa.text("SELECT clock_timestamp()")).scalar_one().astimezone(UTC)
