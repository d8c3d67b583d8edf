"""Groups, their members, and requests to join."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.storage.pictures import picture_column
from ..core.text import search

OWNER, ORGANIZER, MODERATOR, MEMBER = ROLES = ("owner", "organizer", "moderator", "member")
OPEN, CLOSED, SECRET = VISIBILITIES = ("open", "closed", "secret")
JOIN, APPROVE, INVITE = JOIN_POLICIES = ("join", "approve", "invite")
TEXT, CHOICE, CHECKBOX = QUESTION_KINDS = ("text", "choice", "checkbox")
#: The columns of a group that store the lowest role for an action.
LOWEST = ("may_create_events", "may_create_votes", "may_start_threads", "may_see_members")
#: Which ways of joining go with which visibility (G2).
PAIRS = {OPEN: (JOIN, APPROVE, INVITE), CLOSED: (APPROVE, INVITE), SECRET: (INVITE,)}


class Category(Entity, db.Model):
    """A topic of the site, by which groups and events are found."""

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


class OwnSettings(NamedTuple):
    """What a hidden group's owners chose, and whether it's hidden because its name awaits approval:
    nobody decided about it yet.
    """

    visibility: str
    join_policy: str
    awaits_approval: bool = False


class _OwnSettings(sa.TypeDecorator[OwnSettings]):
    """They are stored as two words, or three: "open join waits"."""

    impl = sa.String(21)
    cache_ok = True
    THIRD_WORD = "waits"

    def process_bind_param(self, value: OwnSettings | None, dialect: Any) -> str | None:
        """Return the words."""
        if value is None:
            return None
        return " ".join([*value[:2], *([self.THIRD_WORD] if value.awaits_approval else [])])

    def process_result_value(self, value: str | None, dialect: Any) -> OwnSettings | None:
        """Read the words."""
        if value is None:
            return None
        visibility, join_policy, *waits = value.split(" ")
        return OwnSettings(visibility, join_policy, waits == [self.THIRD_WORD])


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
        # For the directory in each of its orders.
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
    #: Text for search; deferred because it is long and never shown.
    search_text: Mapped[str] = mapped_column(sa.Text, default="", deferred=True)
    member_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    picture: Mapped[uuid.UUID | None] = picture_column()
    deleted_at: Mapped[datetime | None]
    #: Until admins show a hidden group, it is secret.
    settings_before_hiding: Mapped[OwnSettings | None] = mapped_column(_OwnSettings)
    #: The lowest role that is allowed: the group's choice, within `access.CHOICES`.
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
    #: Markdown; empty if there is none. `code_version` counts its texts; members agree to a
    #: version.
    code_of_conduct: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    code_version: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Whether it has chosen a feed, so that its pages needn't query.
    has_news: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    categories: Mapped[list[Category]] = relationship(
        secondary=group_category, order_by=Category.name
    )

    @classmethod
    def are_awaiting_approval(cls) -> sa.ColumnElement[bool]:
        """Whether their names await approval, as a condition."""
        words = sa.type_coerce(cls.settings_before_hiding, sa.String)
        return words.endswith(_OwnSettings.THIRD_WORD)

    @property
    def awaits_approval(self) -> bool:
        """Whether it is hidden because its name contains a domain that no admin has approved."""
        own = self.settings_before_hiding
        return own is not None and own.awaits_approval

    @property
    def is_hidden(self) -> bool:
        """Whether admins have hidden it."""
        return self.settings_before_hiding is not None and not self.awaits_approval

    @property
    def path(self) -> str:
        """The path of its page; notices and emails are written outside of requests."""
        return f"/groups/{self.slug}"


search.indexed(Group.__table__)


class GroupSlug(db.Model):
    """An earlier slug of a group, which redirects to the current one."""

    __tablename__ = "group_slug"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    group_id: Mapped[uuid.UUID] = foreign_key("group.id", index=True)


class Membership(Entity, db.Model):
    """A person's membership of a group, with a role."""

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
    #: The version of the code of conduct that the person agreed to; 0: none.
    code_version: Mapped[int] = mapped_column(default=0, server_default="0")

    group: Mapped[Group] = relationship()
    user: Mapped[User] = relationship()


class OwnershipOffer(Entity, db.Model):
    """An owner's offer of ownership to a member. Deleted once it is answered or has ended.

    `steps_down`: the owner becomes an organizer when it is accepted.
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
    """A request to join.

    Deleted when approved. A declined one stays, for the email and until the person asks again.
    """

    __tablename__ = "join_request"
    __table_args__ = (sa.UniqueConstraint("group_id", "user_id"),)

    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    #: Pairs of a question's text at the time and its answer; deleted when the request ends.
    answers: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    code_version: Mapped[int] = mapped_column(default=0, server_default="0")
    ignored_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")

    group: Mapped[Group] = relationship()
    user: Mapped[User] = relationship()


class Ban(Entity, db.Model):
    """Someone banned from a group."""

    __tablename__ = "ban"
    __table_args__ = (sa.UniqueConstraint("group_id", "user_id"),)

    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    #: When the ban ends by itself; None: when someone lifts it.
    ends_at: Mapped[datetime | None] = mapped_column(index=True)

    user: Mapped[User] = relationship()

    @property
    def last_moment(self) -> datetime | None:
        """A moment on its last day."""
        return self.ends_at and self.ends_at - timedelta(minutes=1)


class JoinQuestion(Entity, db.Model):
    """A question to people who request to join, ordered by `position`.

    Answers store its text at the time.
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
    #: The options of a choice.
    options: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    is_required: Mapped[bool] = mapped_column(default=False)


class GroupDay(db.Model):
    """A day (UTC) on which people joined or left; `members` is the number at its end.

    Days without changes have no row.
    """

    __tablename__ = "group_day"

    group_id: Mapped[uuid.UUID] = foreign_key("group.id", primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    members: Mapped[int]
    joined: Mapped[int] = mapped_column(default=0)
    departed: Mapped[int] = mapped_column(default=0)
