"""Groups, who belongs to them, and who would like to."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db.session import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.storage.pictures import picture_column
from ..core.text import search

OWNER, ORGANIZER, MODERATOR, MEMBER = ROLES = ("owner", "organizer", "moderator", "member")
OPEN, CLOSED, SECRET = VISIBILITIES = ("open", "closed", "secret")
JOIN, APPROVE, INVITE = JOIN_POLICIES = ("join", "approve", "invite")
TEXT, CHOICE, CHECKBOX = QUESTION_KINDS = ("text", "choice", "checkbox")
#: The columns of a group that name the lowest role that may do something.
LOWEST = ("may_create_events", "may_create_votes", "may_start_threads", "may_see_members")
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
_STANDING: dict[str, Any] = {
    "sqlite_where": sa.text("deleted_at IS NULL"),
    "postgresql_where": sa.text("deleted_at IS NULL"),
}


class Group(Entity, db.Model):
    """A community within the site."""

    __tablename__ = "group"
    __table_args__ = (
        sa.CheckConstraint(
            "(visibility = 'open' AND join_policy IN ('join', 'approve', 'invite'))"
            " OR (visibility = 'closed' AND join_policy IN ('approve', 'invite'))"
            " OR (visibility = 'secret' AND join_policy = 'invite')",
            name="pair",
        ),
        sa.CheckConstraint("member_count >= 0", name="member_count"),
        *(one_of(name, ("organizer", "moderator", "member")) for name in LOWEST),
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
    location: Mapped[str] = mapped_column(sa.String(120), default="")
    zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    visibility: Mapped[str] = mapped_column(sa.String(10), default=OPEN)
    join_policy: Mapped[str] = mapped_column(sa.String(10), default=JOIN)
    #: what search finds it by; long, and read by nobody
    search_text: Mapped[str] = mapped_column(sa.Text, default="", deferred=True)
    member_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    picture: Mapped[uuid.UUID | None] = picture_column()
    deleted_at: Mapped[datetime | None]
    #: visibility and way in before the site's admins hid it; until they take that back it is secret
    settings_before_hiding: Mapped[str | None] = mapped_column(sa.String(21))
    #: the lowest role that may: the group's own choice, within `access.CHOICES`
    may_create_events: Mapped[str] = mapped_column(
        sa.String(10), default=ORGANIZER, server_default=ORGANIZER
    )
    may_create_votes: Mapped[str] = mapped_column(
        sa.String(10), default=ORGANIZER, server_default=ORGANIZER
    )
    may_start_threads: Mapped[str] = mapped_column(
        sa.String(10), default=MEMBER, server_default=MEMBER
    )
    may_see_members: Mapped[str] = mapped_column(
        sa.String(10), default=MEMBER, server_default=MEMBER
    )
    #: Markdown; empty: there is none. Its version counts its wordings, and is what a membership
    #: affirms
    code_of_conduct: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    code_version: Mapped[int] = mapped_column(default=0, server_default="0")
    #: whether it has chosen a source of news: its pages need not ask
    has_news: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    categories: Mapped[list[Category]] = relationship(
        secondary=group_category, order_by=Category.name
    )

    @property
    def path(self) -> str:
        """Where its page is: notices and emails are written outside of any request."""
        return f"/groups/{self.slug}"


search.indexed(Group.__table__)


class GroupSlug(db.Model):
    """An address that a group had before; it leads to the one it has now."""

    __tablename__ = "group_slug"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    group_id: Mapped[uuid.UUID] = foreign_key("group.id", index=True)


class Membership(Entity, db.Model):
    """A person belongs to a group, in a role."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "user_id"),
        one_of("role", ("owner", "organizer", "moderator", "member")),
        sa.Index("ix_membership_user_id_group_id", "user_id", "group_id"),
        sa.Index("ix_membership_joined", "group_id", "created_at", "id"),
    )

    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id")
    role: Mapped[str] = mapped_column(sa.String(10), default=MEMBER)
    #: the version of the group's code of conduct that the person has affirmed; 0: none
    code_version: Mapped[int] = mapped_column(default=0, server_default="0")

    group: Mapped[Group] = relationship()
    user: Mapped[User] = relationship()


class OwnershipOffer(Entity, db.Model):
    """An owner offers a member to own the group, too. The row goes with the answer, and with
    whatever ends the offer.

    `steps_down`: who offers becomes an organizer once it is accepted.
    """

    __tablename__ = "ownership_offer"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "user_id"),
        sa.CheckConstraint("by_id <> user_id", name="another"),
    )

    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    by_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    steps_down: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    group: Mapped[Group] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    by: Mapped[User] = relationship(foreign_keys=by_id)


class JoinRequest(Entity, db.Model):
    """Someone asks to be let in.

    The row goes when they are; declined, it stays for the email, and for asking again.
    """

    __tablename__ = "join_request"
    __table_args__ = (sa.UniqueConstraint("group_id", "user_id"),)

    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    #: pairs of a question, in its words of then, and what was answered; they go with the request's
    #: end
    answers: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    code_version: Mapped[int] = mapped_column(default=0, server_default="0")
    ignored_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")

    group: Mapped[Group] = relationship()
    user: Mapped[User] = relationship()


class Ban(Entity, db.Model):
    """Someone may not come back into a group."""

    __tablename__ = "ban"
    __table_args__ = (sa.UniqueConstraint("group_id", "user_id"),)

    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    #: lifted by itself then; None: it stands until someone lifts it
    ends_at: Mapped[datetime | None] = mapped_column(index=True)

    user: Mapped[User] = relationship()

    @property
    def last_moment(self) -> datetime | None:
        """A moment of its last day."""
        return self.ends_at and self.ends_at - timedelta(minutes=1)


class JoinQuestion(Entity, db.Model):
    """What a group asks of people who ask to join, in the order of `position`.

    Answers keep their question's words of then.
    """

    __tablename__ = "join_question"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "position"),
        sa.CheckConstraint("position BETWEEN -5 AND 5", name="position"),
        one_of("kind", ("text", "choice", "checkbox")),
    )

    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(10), default=TEXT)
    #: of a choice: what may be chosen
    options: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    is_required: Mapped[bool] = mapped_column(default=False)


class GroupDay(db.Model):
    """A day, in UTC, on which people came to a group or went; `members` is how many there were at
    its end.

    A day on which nothing changed has no row.
    """

    __tablename__ = "group_day"

    group_id: Mapped[uuid.UUID] = foreign_key("group.id", primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    members: Mapped[int]
    joined: Mapped[int] = mapped_column(default=0)
    departed: Mapped[int] = mapped_column(default=0)
