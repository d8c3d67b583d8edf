"""Queries of pictures and files. Each is one statement, however many there are."""

import uuid
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..accounts.models import User
from ..core.db.keyset import Cursor, KeysetPage, keyset_page
from ..core.db.session import constant
from ..core.extensions import db
from ..core.ui.look_alikes import name_columns
from ..events import access
from ..events.models import Event
from . import uploads
from .models import PICTURE, EventFile

#: Pictures per page of the gallery, pictures on the event page, and files per page of the list.
PICTURES, NEWEST, FILES = 48, 4, 50


class Around(NamedTuple):
    """The pictures before and after one in the gallery, and its number there."""

    newer: uuid.UUID | None
    older: uuid.UUID | None
    number: int


def pictures(event: Event, user: Any, cursor: Cursor | None) -> KeysetPage:
    """Return a page of the gallery, newest first, with who uploaded them."""
    query, given = _rows(True, access.can_moderate(user, event)), _whose(event, user)
    return keyset_page(
        query, EventFile.created_at, EventFile.id, cursor, PICTURES, latest_first=True, given=given
    )


def files(event: Event, user: Any, cursor: Cursor | None) -> KeysetPage:
    """Return a page of the other files, newest first, with who uploaded them."""
    query, given = _rows(False, access.can_moderate(user, event)), _whose(event, user)
    return keyset_page(
        query, EventFile.created_at, EventFile.id, cursor, FILES, latest_first=True, given=given
    )


def newest_pictures(event: Event, user: Any) -> list[Any]:
    """Return the newest pictures, for the event page."""
    return list(db.session.execute(_newest(access.can_moderate(user, event)), _whose(event, user)))


def one(
    event: Event, user: Any, file_id: uuid.UUID, is_picture: bool | None = None
) -> EventFile | None:
    """Return the event's file with this id, if `user` may see it."""
    query = sa.select(EventFile).where(EventFile.id == file_id, *_seen(event, user))
    if is_picture is not None:
        query = query.where(EventFile.kind == PICTURE if is_picture else EventFile.kind != PICTURE)
    return db.session.scalar(query)


def around(event: Event, user: Any, file: EventFile) -> Around:
    """Return the picture's position in the gallery."""
    here, there = (
        sa.tuple_(EventFile.created_at, EventFile.id),
        sa.tuple_(sa.literal(file.created_at), sa.literal(file.id)),
    )
    mine = sa.select(EventFile.id).where(EventFile.kind == PICTURE, *_seen(event, user))
    newer = mine.where(here > there)
    first = newer.order_by(EventFile.created_at, EventFile.id).limit(constant(1)).scalar_subquery()
    older = (
        mine.where(here < there)
        .order_by(EventFile.created_at.desc(), EventFile.id.desc())
        .limit(constant(1))
        .scalar_subquery()
    )
    before = sa.select(sa.func.count()).select_from(newer.subquery()).scalar_subquery()
    row = db.session.execute(sa.select(first, older, before)).one()
    return Around(row[0], row[1], row[2] + 1)


@cache
def _newest(sees_all: bool) -> sa.Select[Any]:
    """Cached: every event page with pictures runs it."""
    return (
        _rows(True, sees_all)
        .order_by(EventFile.created_at.desc(), EventFile.id.desc())
        .limit(constant(NEWEST))
    )


@cache
def _rows(are_pictures: bool, sees_all: bool) -> sa.Select[Any]:
    """Select the pictures, or the other files, with who uploaded them; `_whose` gives the
    parameters.
    """
    names = (
        "id",
        "created_at",
        "kind",
        "picture",
        "name",
        "size",
        "width",
        "height",
        "caption",
        "alt",
        "hidden_at",
        "by_id",
    )
    query = sa.select(*(getattr(EventFile, name) for name in names), *name_columns(User, "by"))
    kind = EventFile.kind == PICTURE if are_pictures else EventFile.kind != PICTURE
    event, reader = (sa.bindparam(name, type_=sa.Uuid) for name in ("event", "reader"))
    return query.join(User, User.id == EventFile.by_id).where(
        kind, *_shown(event, reader, sees_all)
    )


def _whose(event: Event, user: Any) -> dict[str, Any]:
    return {"event": event.id, "reader": user.id}


def _seen(event: Event, user: Any) -> list[sa.ColumnElement[bool]]:
    return _shown(event.id, sa.literal(user.id, sa.Uuid()), access.can_moderate(user, event))


def _shown(event_id: Any, reader_id: Any, sees_all: bool) -> list[sa.ColumnElement[bool]]:
    """Hidden files are visible to moderators, hosts, and the person who uploaded them."""
    here = EventFile.event_id == event_id
    return (
        [here]
        if sees_all
        else [here, sa.or_(EventFile.hidden_at.is_(None), EventFile.by_id == reader_id)]
    )


class ShownPictures(NamedTuple):
    """The newest pictures that someone may see, and whether they may upload some."""

    pictures: list[Any]
    may_add: bool


def shown_pictures(event: Event, user: Any, rsvp: Any) -> ShownPictures | None:
    """Return the pictures for the event page; None if there is nothing to see or upload. One
    statement if there are pictures, otherwise none.
    """
    if not uploads.can_see(user, event, rsvp):
        return None
    may_add = uploads.can_add(user, event, rsvp)
    if not (event.picture_count or event.file_count or may_add):
        return None
    return ShownPictures(newest_pictures(event, user) if event.picture_count else [], may_add)
