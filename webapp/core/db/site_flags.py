"""When the site last did something, and which states hold until further notice.

Each flag has a name, a time and a note.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import db
from ..time import clock

#: Set by a scheduled job: while it is recent, the clock and a worker are running.
HEARTBEAT = "heartbeat"


class SiteFlag(db.Model):
    """A name and the time it was set. Holds no personal data."""

    __tablename__ = "site_flag"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")


def set_now(name: str, note: str = "") -> None:
    """Set the flag to the current time, replacing the earlier note."""
    db.session.merge(SiteFlag(name=name, at=clock.now(), note=note))
    db.session.flush()


def get(name: str) -> SiteFlag | None:
    """Return the flag, read from the database again; None if it isn't set."""
    return db.session.scalar(
        sa.select(SiteFlag).where(SiteFlag.name == name).execution_options(populate_existing=True)
    )


def clear(name: str) -> None:
    """Delete the flag."""
    db.session.execute(sa.delete(SiteFlag).where(SiteFlag.name == name))


def is_set(name: str) -> sa.ColumnElement[bool]:
    """Whether the flag is set, as a condition of another statement."""
    return sa.exists().where(SiteFlag.name == name)


def last_set(name: str) -> sa.ScalarSelect[datetime]:
    """When the flag was set, as a subquery."""
    return sa.select(SiteFlag.at).where(SiteFlag.name == name).scalar_subquery()
