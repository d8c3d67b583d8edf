"""Clashes: two sessions in one room, a speaker in two sessions at a time, or more seats than a room
holds.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext
from sqlalchemy.orm import selectinload

from ..core.extensions import db
from ..core.http.errors import UserError, UserErrors
from ..events import date_format
from .models import AgendaSession, Room

#: How many other sessions an error names.
NAMED = 5


def refuse(session: AgendaSession) -> None:
    """Raises UserErrors, with each clash at its field, if the session clashes with others of its
    event.
    """
    found = [*_with_others(session, _beside(session)), *_with_room(session)]
    if found:
        raise UserErrors(found)


def _beside(session: AgendaSession) -> Sequence[AgendaSession]:
    """Return the other sessions at the same time, fresh from the database.

    A session may begin when another ends.
    """
    others = sa.select(AgendaSession).options(selectinload(AgendaSession.speakers))
    others = others.where(
        AgendaSession.event_id == session.event_id, AgendaSession.id != session.id
    )
    others = others.where(
        AgendaSession.starts_at < session.ends_at, AgendaSession.ends_at > session.starts_at
    )
    others = others.where(AgendaSession.cancelled_at.is_(None)).order_by(
        AgendaSession.starts_at, AgendaSession.id
    )
    with db.session.no_autoflush:
        return db.session.scalars(others, execution_options={"populate_existing": True}).all()


def _with_others(session: AgendaSession, others: Iterable[AgendaSession]) -> Iterable[UserError]:
    in_room = [one for one in others if session.room is not None and one.room_id == session.room.id]
    for one in in_room[:NAMED]:
        words = {
            "room": session.room.name if session.room else "",
            "session": one.title,
            "hours": date_format.hours(one),
        }
        yield UserError(_("“%(session)s” is in %(room)s at that time: %(hours)s.", **words), "room")
    for one in list(others)[:NAMED]:
        for speaker in session.speakers:
            if speaker in one.speakers:
                words = {
                    "name": speaker.name,
                    "session": one.title,
                    "hours": date_format.hours(one),
                }
                yield UserError(
                    _("%(name)s is speaking at “%(session)s” at that time: %(hours)s.", **words),
                    "speakers",
                )


def _with_room(session: AgendaSession) -> Iterable[UserError]:
    holds = session.room.capacity if session.room else None
    if holds is not None and session.capacity is not None and session.capacity > holds:
        room = session.room.name if session.room else ""
        most = ngettext(
            "%(room)s only seats %(num)s. Enter fewer seats or choose another room.",
            "%(room)s only seats %(num)s. Enter fewer seats or choose another room.",
            holds,
            room=room,
        )
        yield UserError(most, "capacity")


def refuse_small(room: Room) -> None:
    """Raises UserError, naming the sessions, if sessions in the room have more seats than it."""
    if room.capacity is None:
        return
    larger = sa.select(AgendaSession).where(
        AgendaSession.room_id == room.id, AgendaSession.capacity > room.capacity
    )
    larger = (
        larger.where(AgendaSession.cancelled_at.is_(None))
        .order_by(AgendaSession.starts_at)
        .limit(NAMED)
    )
    with db.session.no_autoflush:
        sessions = db.session.scalars(larger).all()
    if sessions:
        named = ", ".join(
            ngettext(
                "“%(session)s” (%(num)s seat)",
                "“%(session)s” (%(num)s seats)",
                one.capacity or 0,
                session=one.title,
            )
            for one in sessions
        )
        raise UserError(
            _(
                "These sessions in the room have more seats: %(sessions)s. Reduce their seats "
                "first.",
                sessions=named,
            ),
            "capacity",
        )


def overlapping(sessions: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Return the pairs of these sessions that overlap, for someone's own agenda."""
    ordered = sorted(
        (one for one in sessions if not one.cancelled_at), key=lambda one: (one.starts_at, one.id)
    )
    return [
        (one, other) for one, other in combinations(ordered, 2) if other.starts_at < one.ends_at
    ]
