"""Groups, who belongs to them, and who would like to."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core import search
from ..core.database import Entity
from ..core.extensions import db
from ..core.pictures import picture_column

OWNER, ORGANIZER, MODERATOR, MEMBER = ROLES = ("owner", "organizer", "moderator", "member")
OPEN, CLOSED, SECRET = VISIBILITIES = ("open", "closed", "secret")
JOIN, APPROVE, INVITE = WAYS_IN = ("join", "approve", "invite")
#: Which ways of joining go with which visibility (G2).
PAIRS = {OPEN: (JOIN, APPROVE, INVITE), CLOSED: (APPROVE, INVITE), SECRET: (INVITE,)}


class Category(Entity, db.Model):
    """A topic of the site's, by which groups and events are found."""

    __tablename__ = "category"

    slug: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))


group_category = sa.Table(
    "group_category",
    db.metadata,
    sa.Column("group_id", sa.ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("category_id", sa.ForeignKey("category.id", ondelete="CASCADE"), primary_key=True),
    sa.Index("ix_group_category_category_id_group_id", "category_id", "group_id"),
)
_STANDING = {"sqlite_where": sa.text("deleted_at IS NULL"), "postgresql_where": sa.text("deleted_at IS NULL")}


class Group(Entity, db.Model):
    """A community within the site."""

    __tablename__ = "group"
    __table_args__ = (
        sa.CheckConstraint(
            "(visibility = 'open' AND way_in IN ('join', 'approve', 'invite'))"
            " OR (visibility = 'closed' AND way_in IN ('approve', 'invite'))"
            " OR (visibility = 'secret' AND way_in = 'invite')",
            name="pair",
        ),
        sa.CheckConstraint("member_count >= 0", name="member_count"),
        # the directory in each of its orders
        sa.Index("ix_group_directory", "name", "id", "visibility", "deleted_at", **_STANDING),
        sa.Index("ix_group_largest", "member_count", "id", **_STANDING),
        sa.Index("ix_group_newest", "created_at", "id", **_STANDING),
    )

    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    summary: Mapped[str] = mapped_column(sa.String(200), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    welcome: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    visibility: Mapped[str] = mapped_column(sa.String(10), default=OPEN)
    way_in: Mapped[str] = mapped_column(sa.String(10), default=JOIN)
    #: what search finds it by; long, and read by nobody
    search_text: Mapped[str] = mapped_column(sa.Text, default="", deferred=True)
    member_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    picture: Mapped[uuid.UUID | None] = picture_column()
    deleted_at: Mapped[datetime | None]

    categories: Mapped[list[Category]] = relationship(secondary=group_category, order_by=Category.name)

    @property
    def path(self) -> str:
        """Where its page is: notices and letters are written outside of any request."""
        return f"/groups/{self.slug}"


search.indexed(Group.__table__)


class GroupSlug(db.Model):
    """An address that a group had before; it leads to the one it has now."""

    __tablename__ = "group_slug"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)


class Membership(Entity, db.Model):
    """A person belongs to a group, in a role."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "user_id"),
        sa.CheckConstraint("role IN ('owner', 'organizer', 'moderator', 'member')", name="role"),
        sa.Index("ix_membership_user_id_group_id", "user_id", "group_id"),
        sa.Index("ix_membership_joined", "group_id", "created_at", "id"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(sa.String(10), default=MEMBER)

    group: Mapped[Group] = relationship()
    user: Mapped[User] = relationship()


class OwnershipOffer(Entity, db.Model):
    """An owner offers a member to own the group, too. The row goes with the answer, and with whatever ends the offer.

    `steps_down`: who offers becomes an organizer once it is accepted.
    """

    __tablename__ = "ownership_offer"
    __table_args__ = (sa.UniqueConstraint("group_id", "user_id"), sa.CheckConstraint("by_id <> user_id", name="another"))

    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    steps_down: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    group: Mapped[Group] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    by: Mapped[User] = relationship(foreign_keys=by_id)


class JoinRequest(Entity, db.Model):
    """Somebody asks to be let in. The row goes when they are; declined, it stays for the letter, and for asking again."""

    __tablename__ = "join_request"
    __table_args__ = (sa.UniqueConstraint("group_id", "user_id"),)

    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    ignored_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")

    group: Mapped[Group] = relationship()
    user: Mapped[User] = relationship()


class Ban(Entity, db.Model):
    """Somebody may not come back into a group."""

    __tablename__ = "ban"
    __table_args__ = (sa.UniqueConstraint("group_id", "user_id"),)

    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    user: Mapped[User] = relationship()
