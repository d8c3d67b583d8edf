"""What time it is.

Tests move the first; the second is the database's own, which all machines share.
"""

from datetime import UTC, datetime

import sqlalchemy as sa


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def database_moment() -> datetime | None:
    """This moment by the database's clock, as a value for a column whose default is
    `sa.func.now()`: no statement of its own.

    None leaves it to the default: rows that hold an expression would be sent one by one. SQLite has
    no clock but this machine's.
    """
    from ..extensions import db

    return now() if db.engine.dialect.name == "sqlite" else None


def database_now() -> datetime:
    """This moment by the database's clock, whatever the transaction's age: for leases and for the
    bounds of a vote.

    SQLite has no clock but this machine's, so there it is `now()`.
    """
    from ..extensions import db

    if db.engine.dialect.name == "sqlite":
        return now()
    return db.session.execute(sa.text("SELECT clock_timestamp()")).scalar_one().astimezone(UTC)
