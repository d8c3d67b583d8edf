"""The speakers of an event."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from ..accounts import reads as account_reads
from ..accounts.models import User
from ..core.db.base import new_id
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.storage import pictures
from ..core.text.strings import listed
from ..events import planning
from ..events.models import Event
from ..people import links as people_links
from .clashes import NAMED
from .models import AgendaSession, Speaker, session_speaker
from .rows import find, record_change

MOST = 500


def speakers_of(event: Event) -> Sequence[Speaker]:
    """Return the speakers by name, with their accounts."""
    query = sa.select(Speaker).where(Speaker.event_id == event.id).options(joinedload(Speaker.user))
    return db.session.scalars(query.order_by(Speaker.name, Speaker.id)).all()


def with_id(event: Event, speaker_id: UUID) -> Speaker:
    """Return the event's speaker with this id. Raises NotFound."""
    return find(Speaker, event, speaker_id)


def add(
    event: Event, by: User, id: UUID | None = None, picture: UUID | None = None, **values: Any
) -> Speaker:
    """Add a speaker, with a stored picture if they have one.
    Raises UserError at an invalid field, or if there are too many.
    """
    event = planning.hold_changeable(event)
    number = sa.select(sa.func.count()).select_from(Speaker).where(Speaker.event_id == event.id)
    if (db.session.scalar(number) or 0) >= MOST:
        raise UserError(_("You can have up to 500 speakers."))
    speaker = Speaker(id=id or new_id(), event_id=event.id, picture=picture)
    _write(event, speaker, **values)
    db.session.add(speaker)
    return record_change(event, speaker, by)


def change(
    event: Event,
    speaker: Speaker,
    by: User,
    picture: UUID | None = None,
    remove_picture: bool = False,
    **values: Any,
) -> None:
    """Change the speaker; `picture` replaces their picture, and without one initials are shown.

    Raises UserError at an invalid field.
    """
    event = planning.hold_changeable(event)
    speaker = locked(Speaker, speaker.id)  # another host may have replaced the picture
    _write(event, speaker, **values)
    if picture is not None or remove_picture:
        pictures.drop(pictures.AVATAR, speaker.picture)
        speaker.picture = picture
    record_change(event, speaker, by)


def remove(event: Event, speaker: Speaker, by: User) -> None:
    """Delete the speaker. Raises UserError while they speak at sessions."""
    event = planning.hold_changeable(event)
    spoken = sa.select(AgendaSession.title).join(
        session_speaker, session_speaker.c.session_id == AgendaSession.id
    )
    spoken = spoken.where(
        session_speaker.c.speaker_id == speaker.id, AgendaSession.cancelled_at.is_(None)
    )
    titles = db.session.scalars(spoken.order_by(AgendaSession.starts_at).limit(NAMED)).all()
    if titles:
        named = listed(f"“{title}”" for title in titles)
        raise UserError(
            _(
                "%(name)s is speaking at %(sessions)s. Remove them there first.",
                name=speaker.name,
                sessions=named,
            )
        )
    speaker = locked(Speaker, speaker.id)
    pictures.drop(pictures.AVATAR, speaker.picture)
    db.session.delete(speaker)
    record_change(event, None, by)


def _write(
    event: Event, speaker: Speaker, name: str, bio: str = "", links: str = "", handle: str = ""
) -> None:
    user = _account(event, speaker, handle) if handle else None
    found = people_links.of_lines(links)
    speaker.name, speaker.bio, speaker.links, speaker.user = name, bio, found, user


def _account(event: Event, speaker: Speaker, handle: str) -> User:
    user = account_reads.by_handle(handle)
    if user is None or not user.is_active:
        raise UserError(
            _("There’s no account with the handle “%(handle)s”.", handle=handle), "handle"
        )
    twin = sa.select(Speaker.name).where(
        Speaker.event_id == event.id, Speaker.user_id == user.id, Speaker.id != speaker.id
    )
    with db.session.no_autoflush:
        name = db.session.scalar(twin)
    if name is not None:
        raise UserError(_("%(name)s already uses this account.", name=name), "handle")
    return user
