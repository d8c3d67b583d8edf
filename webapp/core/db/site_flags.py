"""When the site last did something for itself, and what holds of it until further notice: a
name, a moment, a note.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import db
from ..time import clock


class SiteFlag(db.Model):
    """A name and the moment that it was set. Nothing here speaks of a person."""

    __tablename__ = "site_flag"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")


def set_now(name: str, note: str = "") -> None:
    """The mark stands at this moment, with this note in place of an earlier one."""
    db.session.merge(SiteFlag(name=name, at=clock.now(), note=note))
    db.session.flush()


def get(name: str) -> SiteFlag | None:
    """The mark, fresh from the database; None when it was never set or is gone."""
    return db.session.scalar(
        sa.select(SiteFlag).where(SiteFlag.name == name).execution_options(populate_existing=True)
    )


def clear(name: str) -> None:
    """The mark is gone."""
    db.session.execute(sa.delete(SiteFlag).where(SiteFlag.name == name))


def is_set(name: str) -> sa.ColumnElement[bool]:
    """Whether the mark stands, as a condition inside another statement."""
    return sa.exists().where(SiteFlag.name == name)


def last_set(name: str) -> sa.ScalarSelect[datetime]:
    """When the mark was set, as a part of another statement."""
    return sa.select(SiteFlag.at).where(SiteFlag.name == name).scalar_subquery()
