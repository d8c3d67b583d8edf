"""People's accounts, the browsers they are signed in with, and the emailed links that prove an
address.
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import session
from ..core.db.session import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.storage.pictures import picture_column
from ..core.text.strings import folded

#: Everyone, those who belong to a group with the person, or nobody but themselves.
EVERYONE, GROUPS, NOBODY = ("everyone", "groups", "nobody")


def _search_text(context: Any) -> str:
    return _words(
        **{
            name: context.get_current_parameters()[name]
            for name in ("first_name", "last_name", "handle")
        }
    )


def _words(first_name: str, last_name: str, handle: str) -> str:
    return folded(f"{first_name} {last_name} {handle}")[:200]  # one letter may fold to eighteen


class User(UserMixin, Entity, db.Model):
    """A person with an account. `email` and `handle` are kept in lower case."""

    __tablename__ = "user"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("handle = lower(handle)", name="handle_lower"),
        one_of("profile_visibility", ("everyone", "groups", "nobody")),
        sa.Index("ix_user_created_at", "created_at", "id"),
    )

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    first_name: Mapped[str] = mapped_column(sa.String(60))
    last_name: Mapped[str] = mapped_column(sa.String(60))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    verified_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    #: the account is erased then, unless its person comes back before
    deletion_due_at: Mapped[datetime | None] = mapped_column(index=True)
    #: the site's admins have closed it since then: its person neither uses it nor comes back to it
    suspended_at: Mapped[datetime | None]
    #: since then this row is nobody: it stands where others still need that someone was there
    erased_at: Mapped[datetime | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    #: where the site lets only some people form groups (GROUP_CREATION=approved)
    may_create_groups: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    terms_version: Mapped[str | None] = mapped_column(sa.String(20))
    zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")
    theme: Mapped[str | None] = mapped_column(sa.String(10))
    accent: Mapped[str | None] = mapped_column(sa.String(20))
    text_size: Mapped[str | None] = mapped_column(sa.String(10))
    #: who may see the person's page and picture; their name stands where they take part
    profile_visibility: Mapped[str] = mapped_column(
        sa.String(10), default=GROUPS, server_default=GROUPS
    )
    #: whether others see that the person has a page open, where they see who it is
    shows_presence: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    picture: Mapped[uuid.UUID | None] = picture_column()
    #: changes with the password, the address, a sign-in, the ending of others, and on leaving:
    #: links derived before are dead
    nonce: Mapped[str] = mapped_column(sa.String(24), default=session.nonce)
    #: names and handle, folded; code that changes one of them writes this again
    search_text: Mapped[str] = mapped_column(sa.String(200), default=_search_text)

    #: the browser that this request comes from; set by the loader, never stored
    sign_in: ClassVar[Any] = None
    #: the membership of someone who is in no table, in whose eyes one looks at a group
    #: (`groups.viewing`); never stored
    is_preview: ClassVar[Any] = None
    #: whether there are house rules to agree to before anything else; likewise
    must_agree: ClassVar[Any] = False

    @property
    def name(self) -> str:
        """Both names, as people are addressed in writing."""
        return f"{self.first_name} {self.last_name}"

    @property
    def is_verified(self) -> bool:
        """Whether the address has been confirmed."""
        return self.verified_at is not None

    @property
    def is_approved(self) -> bool:
        """Whether the site lets this account in; at once, unless it approves people."""
        return self.approved_at is not None

    @property
    def is_active(self) -> bool:
        """Whether this account may be used: Flask-Login and the loader ask."""
        return self.deactivated_at is None

    @property
    def is_here(self) -> bool:
        """Whether others may find this account: before, not even that it exists is anybody's to
        know.
        """
        return self.is_active and self.is_verified and self.is_approved

    @property
    def is_leaving(self) -> bool:
        """Whether the person has asked to be deleted, and is not yet."""
        return self.deletion_due_at is not None and self.erased_at is None

    @property
    def may_return(self) -> bool:
        """Whether the person, who has asked to be deleted, may still come back: not where admins
        have closed the account.
        """
        return self.is_leaving and self.suspended_at is None

    def renew_search_text(self) -> None:
        """Search finds the person by the names and the handle of today."""
        self.search_text = _words(self.first_name, self.last_name, self.handle)

    def renew_nonce(self) -> None:
        """Every link derived for this account so far stops working."""
        self.nonce = session.nonce()


class SignIn(Entity, db.Model):
    """A browser in which a person is signed in.

    The cookie holds a secret of which this row holds the hash.
    """

    __tablename__ = "sign_in"

    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    device: Mapped[str] = mapped_column(sa.String(120), default="")
    remember: Mapped[bool] = mapped_column(default=False)
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reauthenticated_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class EmailedLink(Entity, db.Model):
    """What an emailed link stands for.

    The link itself is derived from this row when its email is written.
    """

    __tablename__ = "mailed_link"

    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    email: Mapped[str] = mapped_column(sa.String(254))
    nonce: Mapped[str] = mapped_column(sa.String(24), default=session.nonce)
    #: the account's nonce when the link was made; when the two differ the link is dead
    user_nonce: Mapped[str] = mapped_column(sa.String(24))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Invitation(Entity, db.Model):
    """Someone without an account may make one with this address, by the link that was emailed to
    it.
    """

    __tablename__ = "invitation"

    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    nonce: Mapped[str] = mapped_column(sa.String(24), default=session.nonce)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


MUTE, BLOCK = BLOCKS_AND_MUTES = ("mute", "block")


class BlockOrMute(Entity, db.Model):
    """Someone has blocked or muted another person, who never learns of it.

    Muted: nothing is told of what they do. Blocked: nothing that they write or offer arrives,
    either.
    """

    __tablename__ = "block_or_mute"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "other_id"),
        sa.CheckConstraint("user_id <> other_id", name="another"),
        one_of("kind", ("mute", "block")),
    )

    user_id: Mapped[uuid.UUID] = foreign_key("user.id")
    other_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    kind: Mapped[str] = mapped_column(sa.String(5))

    other: Mapped[User] = relationship(foreign_keys=other_id)


class HeldHandle(Entity, db.Model):
    """A handle that counts as taken for a while, though nobody has it.

    So signing up tells nobody whether an address is known, and nobody is taken for someone who has
    left. `is_claim`: it was asked for at a sign-up with a known address; like the handle of an
    account that nobody confirmed, it can be asked for again.
    """

    __tablename__ = "held_handle"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True)
    held_until: Mapped[datetime]
    is_claim: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class FormerHandle(Entity, db.Model):
    """A handle that a person had before: it leads to them, and is nobody else's for a while."""

    __tablename__ = "former_handle"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True)
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    held_until: Mapped[datetime]
