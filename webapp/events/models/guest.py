"""Who answers an event without an account."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ...core import ids
from ...core.database import Entity
from ...core.extensions import db
from ...core.text import folded
from .event import Event


class Guest(Entity, db.Model):
    """Somebody who answers one event by the link that was mailed to them. `email` is kept in lower
    case.

    Until `confirmed_at`, their first answer, nobody knows whether the address is theirs: there is
    no answer before.
    """

    __tablename__ = "guest"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "email"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(80))
    #: the name as hosts look for it
    search_text: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")
    confirmed_at: Mapped[datetime | None]
    #: since then they want neither reminders nor what hosts write; what becomes of their own answer
    #: they hear anyhow
    silent_since: Mapped[datetime | None]
    #: changes with every link that they ask for: the one before is dead
    nonce: Mapped[str] = mapped_column(sa.String(24), default=ids.nonce)

    event: Mapped[Event] = relationship()

    #: what access asks of everybody: a guest belongs to no group
    imagined: ClassVar[Any] = None
    is_active: ClassVar[bool] = True
    #: whoever acts as a guest has read the mail to this address
    is_verified: ClassVar[bool] = True

    @validates("name")
    def _note_name(self, _key: str, name: str) -> str:
        self.search_text = self.searched_by(name)
        return name

    @staticmethod
    def searched_by(name: str) -> str:
        """The name as hosts look for it."""
        return folded(name)[:200]  # one letter may fold to eighteen

    @property
    def first_name(self) -> str:
        """How letters greet them: guests gave one name."""
        return self.name

    def renew_nonce(self) -> None:
        """Every link that was mailed to them so far stops working."""
        self.nonce = ids.nonce()


class Gone:
    """Stands for a guest whose name and address are gone, while their seats still count at an
    event that took place.
    """

    id: uuid.UUID | None = None
    email, zone, locale = "", "UTC", "en"
    is_active = False

    @property
    def name(self) -> str:
        """As the lists call somebody without a name."""
        return _("Someone")

    first_name = name


GONE = Gone()
