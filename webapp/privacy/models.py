"""Data exports, and the legal pages written by admins."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db

WAITING, RUNNING, READY, FAILED = STATES = ("waiting", "running", "ready", "failed")
PRIVACY, TERMS, IMPRINT = PAGES = ("privacy", "terms", "imprint")


class DataExport(Entity, db.Model):
    """A person's data export, in progress or finished; each person has one at most.

    The packing worker holds a lease by the database's clock; when it expires another starts again.
    `done` of `total` parts are packed. `file` is the archive's name in the file storage, from the
    start.
    """

    __tablename__ = "data_export"
    __table_args__ = (
        one_of("state", ("waiting", "running", "ready", "failed")),
        sa.CheckConstraint("done >= 0 AND done <= total", name="done"),
        sa.CheckConstraint("(state = 'ready') = (expires_at IS NOT NULL)", name="expires_at"),
    )

    user_id: Mapped[uuid.UUID] = foreign_key("user.id", unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), default=WAITING, index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]
    file: Mapped[str] = mapped_column(sa.String(120), default="")
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    expires_at: Mapped[datetime | None]

    @property
    def is_on_its_way(self) -> bool:
        """Whether it is being packed or waiting."""
        return self.state in (WAITING, RUNNING)

    @property
    def is_ready(self) -> bool:
        """Whether it is packed. It can be downloaded until it expires."""
        return self.state == READY


class SitePage(Entity, db.Model):
    """A version of a legal page, written by an admin.

    Version 1 has no row: it is the draft that comes with Folkmoot.
    """

    __tablename__ = "site_page"
    __table_args__ = (
        sa.UniqueConstraint("page", "number"),
        one_of("page", ("privacy", "terms", "imprint")),
        sa.CheckConstraint("number > 1", name="number"),
    )

    page: Mapped[str] = mapped_column(sa.String(10))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(sa.Text)
    #: everyone with an account must agree before they continue; only for house rules
    requires_agreement: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
