"""Invitations to groups by email and by link; mailings; and addresses that want no such email."""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db import base
from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.time import clock
from ..groups.models import MEMBER, Group
from ..mail.models import OutgoingEmail

#: How an invitation ended. IDLE is never shown: the invited person has joined otherwise.
DECLINED, WITHDRAWN, CLOSED, IDLE = ENDINGS = ("declined", "withdrawn", "closed", "idle")
#: Other states.
OPEN, PAUSED, EXPIRED, USED = ("open", "paused", "expired", "used")
#: How long an emailed invitation is valid, and how long its address gets no other from the group.
STANDS, QUIET = timedelta(days=30), timedelta(days=90)


class Mailing(Entity, db.Model):
    """Someone invited some addresses at once: `number` of them."""

    __tablename__ = "invitation_mailing"
    __table_args__ = (
        sa.Index("ix_invitation_mailing_group_id_created_at", "group_id", "created_at"),
    )

    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    by_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    number: Mapped[int] = mapped_column(default=0)


class GroupInvitation(Entity, db.Model):
    """The right to join a group: once for the reader of the email to `email`, or for anyone with
    the link.

    `address_hash` remains when the address is gone, so that nobody emails it again too soon. A link
    has neither.
    """

    __tablename__ = "group_invitation"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "address_hash"),
        one_of("role", ("organizer", "moderator", "member")),
        one_of("ending", ("", "declined", "withdrawn", "closed", "idle")),
        sa.CheckConstraint("(ending = '') = (ended_at IS NULL)", name="ended"),
        sa.CheckConstraint("uses >= 0 AND (max_uses IS NULL OR uses <= max_uses)", name="uses"),
        sa.CheckConstraint("address_hash IS NULL OR max_uses = 1", name="mail_is_for_one"),
        sa.CheckConstraint(
            "email IS NULL OR (address_hash IS NOT NULL AND email = lower(email))", name="email"
        ),
        sa.Index("ix_group_invitation_group_id_created_at", "group_id", "created_at"),
    )

    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    by_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    role: Mapped[str] = mapped_column(sa.String(10), default=MEMBER)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    #: The managers' name for a link.
    label: Mapped[str] = mapped_column(sa.String(80), default="")
    nonce: Mapped[str] = mapped_column(sa.String(24), default=base.nonce)
    expires_at: Mapped[datetime | None]
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None]
    ending: Mapped[str] = mapped_column(sa.String(10), default="")
    ended_at: Mapped[datetime | None]
    email: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    address_hash: Mapped[str | None] = mapped_column(sa.String(64))
    sent_at: Mapped[datetime | None]
    sends: Mapped[int] = mapped_column(default=0)
    outgoing_email_id: Mapped[uuid.UUID | None] = foreign_key(
        "outgoing_email.id", ondelete="SET NULL", index=True
    )

    group: Mapped[Group] = relationship()
    by: Mapped[User] = relationship()
    outgoing_email: Mapped[OutgoingEmail | None] = relationship()

    @property
    def is_email(self) -> bool:
        """Whether it went to one address; else it is a link, for anyone who has it."""
        return self.address_hash is not None

    @property
    def is_used_up(self) -> bool:
        """Whether as many people have joined with it as may."""
        return self.max_uses is not None and self.uses >= self.max_uses

    @property
    def state(self) -> str:
        """The status for managers. It doesn't reveal who joined otherwise or wants no emails."""
        if self.ending and self.ending != IDLE:
            return self.ending
        if self.is_used_up:
            return USED
        if self.expires_at is not None and self.expires_at <= clock.now():
            return EXPIRED
        return PAUSED if self.paused_at is not None else OPEN

    @property
    def is_open(self) -> bool:
        """Whether someone can join with it now."""
        return self.state == OPEN and not self.ending

    def end(self, ending: str) -> None:
        """End the invitation, and delete its message, which nobody reads any more."""
        self.ending, self.ended_at, self.message = ending, clock.now(), ""


class InvitationUse(Entity, db.Model):
    """Someone has joined with an invitation.

    Counted once, however often they leave and come back.
    """

    __tablename__ = "invitation_use"
    __table_args__ = (sa.UniqueConstraint("invitation_id", "user_id"),)

    invitation_id: Mapped[uuid.UUID] = foreign_key("group_invitation.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)


class InvitedSignUp(Entity, db.Model):
    """Someone has signed up with an invitation and will join its group once their address is
    confirmed.

    Stored in the database and not in a cookie, because the email may be opened in another browser.
    `user_nonce` is the account's at sign-up: a later sign-up for the address without the invitation
    invalidates it.
    """

    __tablename__ = "invited_sign_up"

    user_id: Mapped[uuid.UUID] = foreign_key("user.id", unique=True)
    invitation_id: Mapped[uuid.UUID] = foreign_key("group_invitation.id", index=True)
    user_nonce: Mapped[str] = mapped_column(sa.String(24))

    user: Mapped[User] = relationship()
    invitation: Mapped[GroupInvitation] = relationship()


class RefusedAddress(Entity, db.Model):
    """The owner of a mailbox wants no invitation, from anyone, ever.

    The address itself isn't stored.
    """

    __tablename__ = "refused_address"

    address_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
