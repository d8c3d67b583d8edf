"""What a personal data export holds about agendas."""

from typing import Any

import sqlalchemy as sa

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData, about, plain
from ..core.extensions import db
from ..events.exporting import EVENT, INSIDE, NO_GUEST
from ..events.models import Event, Guest
from .models import AgendaSession, Booking, Room, Speaker, Track

_OF_A_BOOKING = (
    "state",
    "party",
    "seats_waiting",
    "booked_at",
    "created_at",
    "offered_until",
    "declined_offer",
    "withdrawals",
)
_OF_A_SESSION = (
    "title",
    "description",
    "starts_wall",
    "ends_wall",
    "starts_at",
    "ends_at",
    "capacity",
    "created_at",
    "cancelled_at",
    "cancelled_reason",
)
_OF_THE_EVENT = {"id": INSIDE["id"], "event_id": INSIDE["event_id"]}


def add(user: User, parts: PersonalData) -> None:
    """Add the person's seats in sessions, their speaker entries, and the agendas of their own
    events.
    """
    parts.add(_bookings(user), _speaking(user), *_own_agendas(user))


def _bookings(user: User) -> JsonFile:
    left_out = {
        "id": INSIDE["id"],
        "user_id": INSIDE["user_id"],
        "session_id": "its title is given instead",
        "position": "says how many others waited",
        **NO_GUEST,
    }
    session = {"session": about(AgendaSession, "session_id", "title")}
    mine = Booking.user_id == user.id
    return JsonFile("seats-in-sessions", Booking, mine, _OF_A_BOOKING, left_out, session)


def _speaking(user: User) -> JsonFile:
    columns = ("name", "bio", "links", "created_at")
    left_out = {**INSIDE, "picture": "what hosts have put there"}
    return JsonFile("where-i-speak", Speaker, Speaker.user_id == user.id, columns, left_out, EVENT)


def _own_agendas(user: User) -> tuple[JsonFile, ...]:
    own = sa.select(Event.id).where(Event.owner_id == user.id)
    left_out = {
        **_OF_THE_EVENT,
        "room_id": "its name is given instead",
        "track_id": "its name is given instead",
        **dict.fromkeys(("seats_taken", "waiting_count", "last_position"), "counts other people"),
        **dict.fromkeys(("version", "changed_at"), "counts changes"),
    }
    of_session = {
        **EVENT,
        "room": about(Room, "room_id", "name"),
        "track": about(Track, "track_id", "name"),
    }
    mine = AgendaSession.event_id.in_(own)
    rooms, tracks = ("name", "capacity", "position", "created_at"), ("name", "color", "created_at")
    return (
        JsonFile("sessions-of-my-events", AgendaSession, mine, _OF_A_SESSION, left_out, of_session),
        JsonFile("rooms-of-my-events", Room, Room.event_id.in_(own), rooms, _OF_THE_EVENT, EVENT),
        JsonFile(
            "tracks-of-my-events", Track, Track.event_id.in_(own), tracks, _OF_THE_EVENT, EVENT
        ),
    )


def add_guest(guest: Guest, data: dict[str, Any]) -> None:
    """Add a guest's seats in sessions."""
    names = ("state", "party", "seats_waiting", "booked_at", "offered_until", "declined_offer")
    booked = sa.select(Booking).where(Booking.guest_id == guest.id).order_by(Booking.booked_at)
    data["sessions"] = [
        {"session": row.session.title, **{name: plain(getattr(row, name)) for name in names}}
        for row in db.session.scalars(booked)
    ]
