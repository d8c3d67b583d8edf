"""Queries for data exports and legal pages."""

from pathlib import Path

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.time import clock
from ..events.models import PUBLISHED, Event, EventHost
from .models import TERMS, DataExport, SitePage

_DRAFTS = Path(__file__).parent / "drafts"
#: The version that comes with Folkmoot.
DRAFT = 1


def export_of(user: User, for_update: bool = False) -> DataExport | None:
    """Return the person's latest export, or None."""
    query = (
        sa.select(DataExport)
        .where(DataExport.user_id == user.id)
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(query.with_for_update() if for_update else query)


def coming_events_of(user: User) -> list[Event]:
    """Return coming events that `user` runs alone, outside any group: nobody else could run
    them.
    """
    others = sa.exists().where(EventHost.event_id == Event.id, EventHost.user_id != user.id)
    mine = sa.select(Event).where(
        Event.owner_id == user.id, Event.group_id.is_(None), Event.state == PUBLISHED, ~others
    )
    coming = mine.where(Event.deleted_at.is_(None), Event.ends_at > clock.now())
    return list(db.session.scalars(coming.order_by(Event.starts_at, Event.id)))


def is_written(name: str) -> sa.ColumnElement[bool]:
    """Whether admins have written that page, as a condition."""
    return sa.exists().where(SitePage.page == name)


def page(name: str, number: int | None = None) -> SitePage | None:
    """Return a version of the page, by default the current one; None for the draft or an unknown
    version.
    """
    query = sa.select(SitePage).where(SitePage.page == name)
    if number is not None:
        query = query.where(SitePage.number == number)
    return db.session.scalar(query.order_by(SitePage.number.desc()).limit(1))


def newest(name: str) -> int:
    """Return the number of the current version."""
    return (
        db.session.scalar(sa.select(sa.func.max(SitePage.number)).where(SitePage.page == name))
        or DRAFT
    )


def published_pages() -> dict[str, SitePage]:
    """Return the current version of each page, without drafts."""
    return {
        row.page: row for row in db.session.scalars(sa.select(SitePage).order_by(SitePage.number))
    }


def draft(name: str, site_name: str) -> str:
    """Return the draft of a page."""
    return (_DRAFTS / f"{name}.md").read_text(encoding="utf-8").replace("{site}", site_name)


def terms_version() -> str:
    """Return the current version of the house rules."""
    return str(newest(TERMS))
