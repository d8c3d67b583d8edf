"""Details of an answer: the ticket type, and answers to hosts' questions.

The capacities of both are counted alike.
"""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...core.db.base import Entity, foreign_key, one_of
from ...core.extensions import db
from ...core.time import clock

TEXT, LONG, CHOICE, CHECKBOX = QUESTION_KINDS = ("text", "long", "choice", "checkbox")
FREE, DONATION, ON_SITE = PRICES = ("free", "donation", "door")

_TICKETS = sa.text("question_id IS NULL")

#: Options that an answer has picked: its ticket type, and one for each question with choices.
rsvp_pick = sa.Table(
    "rsvp_pick",
    db.metadata,
    sa.Column("rsvp_id", sa.Uuid, sa.ForeignKey("rsvp.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "option_id",
        sa.Uuid,
        sa.ForeignKey("event_option.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
)


class EventQuestion(Entity, db.Model):
    """A hosts' question to attendees. `position` orders the questions of an event."""

    __tablename__ = "event_question"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "position"),
        sa.CheckConstraint("position BETWEEN -10 AND 10", name="position"),
        one_of("kind", ("text", "long", "choice", "checkbox")),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(10))
    is_required: Mapped[bool] = mapped_column(default=False)

    options: Mapped[list["EventOption"]] = relationship(
        order_by="EventOption.position", viewonly=True
    )


class EventOption(Entity, db.Model):
    """An option to pick: a ticket type (with a `price`), or a choice of a question.

    `capacity` limits how many people can have it; None: no limit. `taken` counts the people of
    parties that hold seats and have picked it. It changes only under the event's lock, with the
    rows that it counts. `amount` is in hundredths.
    """

    __tablename__ = "event_option"
    __table_args__ = (
        sa.CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
        sa.CheckConstraint("taken >= 0", name="taken"),
        sa.CheckConstraint("(question_id IS NULL) = (price IS NOT NULL)", name="price"),
        sa.CheckConstraint(
            "price IS NULL OR price IN ('free', 'donation', 'door')", name="price_kind"
        ),
        sa.CheckConstraint(
            "amount IS NULL OR (amount >= 0 AND currency IS NOT NULL)", name="amount"
        ),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="window"
        ),
        sa.Index("ix_event_option_event_id_position", "event_id", "position"),
        sa.Index(
            "ix_event_option_ticket_label",
            "event_id",
            "label",
            unique=True,
            sqlite_where=_TICKETS,
            postgresql_where=_TICKETS,
        ),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    question_id: Mapped[uuid.UUID | None] = foreign_key("event_question.id", index=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(sa.String(100))
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    price: Mapped[str | None] = mapped_column(sa.String(10))
    amount: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]

    @property
    def free(self) -> int | None:
        """Free places; None without a limit, 0 also if more are taken than the limit now allows."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def is_ticket(self) -> bool:
        """Whether it is a ticket type, not a choice."""
        return self.price is not None

    @property
    def is_open(self) -> bool:
        """Whether its availability window includes now."""
        now = clock.now()
        return (self.opens_at is None or self.opens_at <= now) and (
            self.closes_at is None or now < self.closes_at
        )
