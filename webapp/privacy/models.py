"""What a person takes along, while it is made and kept; and the pages that the people who run
the site write.
"""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db.session import Entity, foreign_key, one_of
from ..core.extensions import db

WAITING, RUNNING, READY, FAILED = STATES = ("waiting", "running", "ready", "failed")
PRIVACY, TERMS, IMPRINT = PAGES = ("privacy", "terms", "imprint")


class DataExport(Entity, db.Model):
    """A person's data, being packed or packed: one at a time.

    The worker that packs holds a lease by the database's clock; once it is over, another begins.
    `done` of `total` parts are packed. `file` is the name of the archive among the site's files,
    from the beginning of its making.
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
        """Whether it is being packed, or waits to be."""
        return self.state in (WAITING, RUNNING)

    @property
    def is_ready(self) -> bool:
        """Whether it is packed; it can be fetched until it expires."""
        return self.state == READY


class SitePage(Entity, db.Model):
    """A version of a page that the people who run the site write.

    Version 1 is no row: it is the draft that comes with us.
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
    #: everyone who has an account agrees to it before they go on; only of the house rules
    requires_agreement: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
