"""Pictures and files that people upload to an event."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db.base import Entity, foreign_key
from ..core.extensions import db
from ..core.storage.attachments import attachment_column
from ..core.storage.pictures import picture_column
from ..events.models.event import Event

#: Who can upload: hosts only, or attendees, too.
BY_HOSTS, BY_PEOPLE = UPLOADERS = ("hosts", "people")
#: Who can see them: members and attendees, or anyone who sees the event.
FOR_PEOPLE, FOR_ALL = READERS = ("people", "all")
#: The kind of re-encoded pictures. Other kinds are those of `core.storage.attachments`.
PICTURE = "picture"


class EventFile(Entity, db.Model):
    """An uploaded picture, re-encoded, or another file (`attachment`), unchanged, with its size.
    `digest`: hash of the upload, so that the same file can't be uploaded twice. `hidden_at`: when a
    moderator hid it.
    """

    __tablename__ = "event_file"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "digest"),
        sa.CheckConstraint("(picture IS NULL) <> (attachment IS NULL)", name="bytes"),
        sa.CheckConstraint("(kind = 'picture') = (picture IS NOT NULL)", name="kind"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index("ix_event_file_kind", "event_id", "kind", "created_at", "id"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    by_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    picture: Mapped[uuid.UUID | None] = picture_column()
    attachment: Mapped[uuid.UUID | None] = attachment_column()
    name: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    width: Mapped[int] = mapped_column(default=0, server_default="0")
    height: Mapped[int] = mapped_column(default=0, server_default="0")
    caption: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    #: What the picture shows, for people who can't see it.
    alt: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    digest: Mapped[str] = mapped_column(sa.String(64))
    hidden_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    by: Mapped[User] = relationship()

    @property
    def is_picture(self) -> bool:
        """Whether it's in the gallery."""
        return self.kind == PICTURE

    @property
    def path(self) -> str:
        """The path of its page, or of the file itself. Usable outside a request, for notices."""
        return f"{self.event.path}/{'pictures' if self.is_picture else 'files'}/{self.id}"
