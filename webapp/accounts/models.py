"""Accounts, sign-ins, emailed links, invitations, blocks and handles."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import base
from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.storage.pictures import picture_column
from ..core.text.names import full_name
from ..core.text.strings import folded

#: Who can see a profile: everyone, members of shared groups, or only the person.
EVERYONE, GROUPS, NOBODY = ("everyone", "groups", "nobody")
#: The longest path to which a new account leads back.
CAME_FOR_LENGTH = 300


def _search_text(context: Any) -> str:
    given = context.get_current_parameters()
    name = full_name(given["first_name"], given["last_name"], given.get("family_name_first", False))
    return _words(name, given["handle"])


def _words(name: str, handle: str) -> str:
    # folding may turn one letter into eighteen
    return folded(f"{name} {handle}")[:200]


class User(UserMixin, Entity, db.Model):
    """A person with an account. `email` and `handle` are in lower case."""

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
    #: "" for people with one name
    last_name: Mapped[str] = mapped_column(sa.String(60), default="")
    #: the order in which the person's names are shown, their choice
    family_name_first: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    verified_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    #: when the account will be erased, unless its owner comes back
    deletion_due_at: Mapped[datetime | None] = mapped_column(index=True)
    #: when admins closed the account: its owner can neither use nor restore it
    suspended_at: Mapped[datetime | None]
    #: when the account was erased: the row stays as an anonymous author
    erased_at: Mapped[datetime | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    #: permission if the site restricts who may create groups (GROUP_CREATION=approved)
    may_create_groups: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    terms_version: Mapped[str | None] = mapped_column(sa.String(20))
    zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")
    theme: Mapped[str | None] = mapped_column(sa.String(10))
    accent: Mapped[str | None] = mapped_column(sa.String(20))
    text_size: Mapped[str | None] = mapped_column(sa.String(10))
    #: who can see the profile and picture; the name is shown wherever the person takes part
    profile_visibility: Mapped[str] = mapped_column(
        sa.String(10), default=GROUPS, server_default=GROUPS
    )
    #: whether others see that the person is online, where they can see who it is
    shows_presence: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    picture: Mapped[uuid.UUID | None] = picture_column()
    #: changes with the password, the address, a sign-in, the end of other sign-ins and on leaving;
    #: earlier links stop working
    nonce: Mapped[str] = mapped_column(sa.String(24), default=base.nonce)
    #: the page of this site to open first: where the person was before the sign-up, or before they
    #: asked for a new password; None once they have signed in
    came_for: Mapped[str | None] = mapped_column(sa.String(CAME_FOR_LENGTH))
    #: names and handle, folded; update it when one of them changes
    search_text: Mapped[str] = mapped_column(sa.String(200), default=_search_text)

    #: the sign-in of this request; set by the loader, never stored
    sign_in: ClassVar[Any] = None
    #: the unsaved membership with which one previews a group as others see it (`groups.viewing`);
    #: never stored
    is_preview: ClassVar[Any] = None
    #: whether the person must first agree to the house rules; never stored
    must_agree: ClassVar[Any] = False

    @hybrid_property
    def name(self) -> str:
        """Both names in the person's order, in Python and in statements."""
        return full_name(self.first_name, self.last_name, self.family_name_first)

    @name.inplace.expression
    @classmethod
    def _name_column(cls) -> sa.ColumnElement[str]:
        both = sa.case(
            (cls.family_name_first, cls.last_name + " " + cls.first_name),
            else_=cls.first_name + " " + cls.last_name,
        )
        return sa.func.trim(both, type_=sa.String)

    @property
    def is_verified(self) -> bool:
        """Whether the email address has been confirmed."""
        return self.verified_at is not None

    @property
    def is_approved(self) -> bool:
        """Whether an admin has approved the account; immediately, unless the site requires
        approval.
        """
        return self.approved_at is not None

    @property
    def is_active(self) -> bool:
        """Whether the account can be used. Flask-Login and the loader read this."""
        return self.deactivated_at is None

    @property
    def is_here(self) -> bool:
        """Whether others may find this account. If not, even its existence is private."""
        return self.is_active and self.is_verified and self.is_approved

    @property
    def is_leaving(self) -> bool:
        """Whether the owner has requested deletion, and it isn't done yet."""
        return self.deletion_due_at is not None and self.erased_at is None

    @property
    def may_return(self) -> bool:
        """Whether the owner can still cancel the deletion; not if admins have closed the
        account.
        """
        return self.is_leaving and self.suspended_at is None

    def renew_search_text(self) -> None:
        """Update the search text from the current names and handle."""
        self.search_text = _words(self.name, self.handle)

    def renew_nonce(self) -> None:
        """Invalidate every link derived for this account."""
        self.nonce = base.nonce()


class Visitor(AnonymousUserMixin):
    """Someone who is not signed in."""

    id = None
    is_admin = False
    is_preview = None
    locale = zone = theme = accent = text_size = None


class SignIn(Entity, db.Model):
    """A browser in which a person is signed in.

    The cookie holds a secret; the row holds its hash.
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
    """The row behind an emailed link.

    The link is derived from it when its email is written.
    """

    __tablename__ = "mailed_link"

    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    email: Mapped[str] = mapped_column(sa.String(254))
    nonce: Mapped[str] = mapped_column(sa.String(24), default=base.nonce)
    #: the account's nonce when the link was made; if they differ the link is invalid
    user_nonce: Mapped[str] = mapped_column(sa.String(24))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Invitation(Entity, db.Model):
    """An invitation to sign up with this address, by the link emailed to it."""

    __tablename__ = "invitation"

    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    nonce: Mapped[str] = mapped_column(sa.String(24), default=base.nonce)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


MUTE, BLOCK = BLOCKS_AND_MUTES = ("mute", "block")


class BlockOrMute(Entity, db.Model):
    """Someone blocked or muted another person, who never learns of it.

    Muted: no notifications about what they do. Blocked: also no messages or invitations from them.
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
    """A handle that is reserved for a while, though nobody has it.

    So a sign-up doesn't show whether an address is known, and nobody is mistaken for someone who
    left. `is_claim`: requested at a sign-up with a known address; it can be requested again, like
    the handle of an unconfirmed account.
    """

    __tablename__ = "held_handle"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True)
    held_until: Mapped[datetime]
    is_claim: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class FormerHandle(Entity, db.Model):
    """A person's former handle: it leads to them, and is reserved for a while."""

    __tablename__ = "former_handle"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True)
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    held_until: Mapped[datetime]
