"""What a person takes along of agendas."""

from typing import Any

import sqlalchemy as sa

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData, about, plain
from ..core.extensions import db
from ..events.exporting import EVENT, INSIDE, NO_GUEST
from ..events.models import Event, Guest
from .models import AgendaSession, Booking, Room, Speaker, Track


def add(user: User, parts: PersonalData) -> None:
    """Where they speak, the seats that they have in sessions, and the agendas of their own
    events.
    """
    own = sa.select(Event.id).where(Event.owner_id == user.id)
    counted = dict.fromkeys(("seats_taken", "waiting_count", "last_place"), "counts other people")
    named = {
        "id": "names nothing outside of this site",
        "event_id": "its title stands in its place",
    }
    places = {"room_id": "its name stands in its place", "track_id": "its name stands in its place"}
    changes = dict.fromkeys(("version", "changed_at"), "counts changes")
    seat = (
        "state",
        "party",
        "more",
        "booked_at",
        "created_at",
        "offered_until",
        "has_let_go",
        "withdrawals",
    )
    point = (
        "title",
        "description",
        "starts_wall",
        "ends_wall",
        "starts_at",
        "ends_at",
        "capacity",
        "created_at",
    )
    of_session = {"session": about(AgendaSession, "session_id", "title")}
    of_point = {
        **EVENT,
        "room": about(Room, "room_id", "name"),
        "track": about(Track, "track_id", "name"),
    }
    without_id = {
        "id": "names nothing outside of this site",
        "session_id": "its title stands in its place",
        **NO_GUEST,
    }
    without_id |= {"user_id": "the person themselves", "place": "says how many others waited"}
    speaks = {**INSIDE, "picture": "what hosts have put there"}
    parts.add(
        JsonFile(
            "seats-in-sessions", Booking, Booking.user_id == user.id, seat, without_id, of_session
        ),
        JsonFile(
            "where-i-speak",
            Speaker,
            Speaker.user_id == user.id,
            ("name", "bio", "links", "created_at"),
            speaks,
            EVENT,
        ),
        JsonFile(
            "sessions-of-my-events",
            AgendaSession,
            AgendaSession.event_id.in_(own),
            (*point, "cancelled_at", "cancelled_reason"),
            {**named, **places, **counted, **changes},
            of_point,
        ),
        JsonFile(
            "rooms-of-my-events",
            Room,
            Room.event_id.in_(own),
            ("name", "capacity", "place", "created_at"),
            named,
            EVENT,
        ),
        JsonFile(
            "tracks-of-my-events",
            Track,
            Track.event_id.in_(own),
            ("name", "paint", "created_at"),
            named,
            EVENT,
        ),
    )


def add_guest(guest: Guest, data: dict[str, Any]) -> None:
    """The seats that a guest has in sessions."""
    names = ("state", "party", "more", "booked_at", "offered_until", "has_let_go")
    booked = sa.select(Booking).where(Booking.guest_id == guest.id).order_by(Booking.booked_at)
    data["sessions"] = [
        {"session": row.session.title, **{name: plain(getattr(row, name)) for name in names}}
        for row in db.session.scalars(booked)
    ]
