"""Feeds of other sites, and the items they published."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.text import search
from ..groups.models import Group

#: The kind of feed, by its content; "" before the first response.
RSS, ATOM, JSON_FEED, POSTS = KINDS = ("rss", "atom", "json", "posts")
#: A feed's status: not fetched yet; answered last time; failing and retried; reported as gone.
NEW, GOOD, FAILING, GONE = STATES = ("new", "good", "failing", "gone")
LONGEST_ADDRESS = 500

_OF_SITE = sa.text("group_id IS NULL")


class NewsSource(Entity, db.Model):
    """A feed of a group, or without one of the whole site.

    `title` is the feed's own, `name` the one chosen here, if any. `fetched_at` is the last
    response, even without news. `due_at`: the next fetch; None once it is gone for good. `lease` is
    held by the process that fetches it, until `leased_until` by the database's clock.
    """

    __tablename__ = "news_source"
    __table_args__ = (
        one_of("kind", ("", "rss", "atom", "json", "posts")),
        one_of("state", ("new", "good", "failing", "gone")),
        sa.CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name="lease"),
        sa.CheckConstraint("failures >= 0", name="failures"),
        sa.UniqueConstraint("group_id", "url"),
        sa.Index(
            "ix_news_source_url_of_site",
            "url",
            unique=True,
            sqlite_where=_OF_SITE,
            postgresql_where=_OF_SITE,
        ),
        sa.Index("ix_news_source_due_at", "due_at"),
    )

    group_id: Mapped[uuid.UUID | None] = foreign_key("group.id")
    url: Mapped[str] = mapped_column(sa.String(LONGEST_ADDRESS))
    name: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    title: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    home_url: Mapped[str] = mapped_column(sa.String(1000), default="", server_default="")
    kind: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    state: Mapped[str] = mapped_column(sa.String(10), default=NEW, server_default=NEW)
    #: Why it fails: one of `fetch_errors.SENTENCES`.
    error: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    etag: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    last_modified: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    checked_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    lease: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]

    group: Mapped[Group | None] = relationship()

    @property
    def host(self) -> str:
        """The host name, which is all of the URL that is public."""
        return self.url.split("/")[2]

    @property
    def display_name(self) -> str:
        """The name chosen here, its own title, or its host."""
        return self.name or self.title or self.host


class NewsItem(Entity, db.Model):
    """An item of a feed. `body` is sanitized HTML, `summary` its first words.

    `key` is a hash of the feed's own id for it. `group_id` is its feed's. `unlisted_at`: since when
    the feed no longer lists it.
    """

    __tablename__ = "news_item"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "key"),
        sa.Index("ix_news_item_listed", "group_id", "published_at", "id"),
        sa.Index("ix_news_item_unlisted_at", "unlisted_at"),
    )

    source_id: Mapped[uuid.UUID] = foreign_key("news_source.id")
    group_id: Mapped[uuid.UUID | None] = foreign_key("group.id")
    key: Mapped[str] = mapped_column(sa.String(32))
    title: Mapped[str] = mapped_column(sa.String(300))
    url: Mapped[str] = mapped_column(sa.String(1000), default="", server_default="")
    author: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    summary: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    body: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    published_at: Mapped[datetime]
    unlisted_at: Mapped[datetime | None]
    #: Text for search; deferred because it is long and never shown.
    search_text: Mapped[str] = mapped_column(sa.Text, default="", server_default="", deferred=True)

    source: Mapped[NewsSource] = relationship()

    @property
    def html(self) -> Markup:
        """The body as safe HTML."""
        return Markup(self.body)


search.indexed(NewsItem.__table__)
