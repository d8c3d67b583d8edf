"""Forms for sessions, rooms, tracks, speakers and bookings."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional

from ..attendance.forms.rsvps import party_in_words
from ..core.http.forms import (
    Fold,
    Form,
    LocalDateTime,
    TextBlock,
    TextLine,
    Versioned,
    choices_of,
    required,
)
from ..core.http.number_fields import WholeNumber
from ..core.http.uploads import PictureField
from ..core.time import time_zones
from ..events.models import Event
from .models import COLORS, AgendaSession, Booking, Room, Speaker, Track
from .sessions import SessionInput

COLOR_LABELS = dict(
    zip(
        COLORS,
        (
            _l("Green"),
            _l("Teal"),
            _l("Blue"),
            _l("Violet"),
            _l("Pink"),
            _l("Brown"),
            _l("Yellow"),
            _l("Grey"),
        ),
        strict=True,
    )
)
_SEATS = [
    Optional(),
    NumberRange(1, 1_000_000, _l("Enter 1 to 1,000,000, or leave empty for no limit.")),
]
_HOLDS = [
    Optional(),
    NumberRange(1, 1_000_000, _l("Enter at least 1, or leave empty if you don’t know.")),
]


class SessionForm(Versioned):
    """The form of a session."""

    title = TextLine(_l("Title"), required(_l("Enter a title.")), most=120)
    description = TextBlock(_l("Description"), most=10_000)
    starts = LocalDateTime(_l("Starts"), required(_l("Enter when it starts.")))
    starts_fold = Fold()
    ends = LocalDateTime(_l("Ends"), required(_l("Enter when it ends.")))
    ends_fold = Fold()
    room = SelectField(_l("Room"), default="")
    track = SelectField(_l("Track"), default="")
    speakers = SelectMultipleField(_l("Speakers"))  # Optional() would let an empty id through
    capacity = WholeNumber(_l("Seats"), _SEATS)

    def __init__(
        self, event: Event, offered: "Offered", session: AgendaSession | None = None
    ) -> None:
        super().__init__(
            data=_as_entered(session) if session is not None else {"starts": event.starts_wall}
        )
        self.room.choices = choices_of(
            [("", _("None yet")), *((str(one.id), _room_words(one)) for one in offered.rooms)]
        )
        self.track.choices = choices_of(
            [("", _("None")), *((str(one.id), one.name) for one in offered.tracks)]
        )
        self.speakers.choices = choices_of((str(one.id), one.name) for one in offered.speakers)

    @property
    def ambiguous_times(self) -> list[Any]:
        """The fields that ask which of two moments is meant, where needed."""
        return [field for field in (self.starts_fold, self.ends_fold) if field.errors or field.data]

    def plan(self) -> SessionInput:
        """Return the entered values, for the rules."""
        folds: dict[str, Any] = {
            name: int(self[name].data) if self[name].data else None
            for name in ("starts_fold", "ends_fold")
        }
        return SessionInput(
            title=self.title.data or "",
            description=self.description.data or "",
            starts=self.starts.data,  # type: ignore[arg-type]
            ends=self.ends.data,  # type: ignore[arg-type]
            room_id=_id(self.room.data),
            track_id=_id(self.track.data),
            speaker_ids=[UUID(one) for one in self.speakers.data or ()],
            capacity=self.capacity.data,
            **folds,
        )


class Offered:
    """The choices of a session's form: the event's rooms, tracks and speakers."""

    def __init__(
        self, rooms: Sequence[Room], tracks: Sequence[Track], speakers: Sequence[Speaker]
    ) -> None:
        self.rooms, self.tracks, self.speakers = rooms, tracks, speakers


class SessionMoveForm(Versioned):
    """Another time and room; the session keeps its length."""

    starts = LocalDateTime(_l("Starts"), required(_l("Enter when it starts.")))
    starts_fold = Fold()
    room = SelectField(_l("Room"), default="")

    def __init__(self, rooms: Sequence[Room], session: AgendaSession) -> None:
        now = {
            "starts": session.starts_wall,
            "room": str(session.room_id or ""),
            "version": str(session.version),
        }
        super().__init__(data=now | {"starts_fold": _fold(session, "starts")})
        self.room.choices = choices_of(
            [("", _("None yet")), *((str(one.id), _room_words(one)) for one in rooms)]
        )

    def values(self) -> dict[str, Any]:
        """Return the arguments of `sessions.move`; `fold` says which, if clocks show that time
        twice.
        """
        return {
            "starts": self.starts.data,
            "room_id": _id(self.room.data),
            "fold": int(self.starts_fold.data) if self.starts_fold.data else None,
            "version": self.seen_version,
        }


class SessionCancellationForm(Form):
    """Why a session is cancelled."""

    reason = TextLine(_l("Reason"), most=500)


class RoomForm(Form):
    """The form of a room."""

    name = TextLine(_l("Room name"), required(_l("Enter a name.")), most=80)
    capacity = WholeNumber(_l("Capacity"), _HOLDS)

    def values(self) -> dict[str, Any]:
        """Return the values as arguments for the rules."""
        return {"name": self.name.data, "capacity": self.capacity.data}


class TrackForm(Form):
    """The form of a track: a name and a colour."""

    #: Not `name`: the form of a room is on the same page.
    called = TextLine(_l("Track name"), required(_l("Enter a name.")), most=60)
    color = RadioField(_l("Colour"), choices=choices_of(COLOR_LABELS.items()), default=COLORS[0])

    def values(self) -> dict[str, Any]:
        """Return the values as arguments for the rules."""
        return {"name": self.called.data, "color": self.color.data}


class SpeakerForm(Form):
    """The form of a speaker."""

    name = TextLine(_l("Name"), required(_l("Enter a name.")), most=80)
    bio = TextBlock(_l("About"), most=5000)
    links = TextBlock(_l("Links"), most=1100)
    handle = TextLine(_l("Account handle"), most=60)
    picture = PictureField()
    remove_picture = BooleanField(_l("Remove the picture"))

    def __init__(self, speaker: Speaker | None = None) -> None:
        given: dict[str, Any] = {}
        if speaker is not None:
            given = {"name": speaker.name, "bio": speaker.bio, "links": "\n".join(speaker.links)}
            given["handle"] = speaker.user.handle if speaker.user is not None else ""
        super().__init__(data=given)

    def values(self) -> dict[str, Any]:
        """Return the values as arguments for the rules."""
        return {name: self[name].data or "" for name in ("name", "bio", "links", "handle")}


class BookingForm(Form):
    """How many people of a party come to a session."""

    party = SelectField(_l("Plus-ones"), coerce=int, default=1)

    def __init__(
        self, party: int, booking: Booking | None = None, seats: int | None = None
    ) -> None:
        party = party if seats is None else min(party, seats)
        held = booking.party + booking.seats_waiting if booking is not None else party
        super().__init__(data={"party": max(1, min(held, party))})
        self.party.choices = choices_of(
            (str(size), party_in_words(size)) for size in range(1, max(1, party, held) + 1)
        )
        if party <= 1 and not self.party.raw_data:
            self.party.data = 1


def _as_entered(session: AgendaSession) -> dict[str, Any]:
    folds = {f"{name}_fold": _fold(session, name) for name in ("starts", "ends")}
    return {
        **{name: value for name, value in folds.items() if value is not None},
        **{name: getattr(session, name) for name in ("title", "description", "capacity")},
        "starts": session.starts_wall,
        "ends": session.ends_wall,
        "room": str(session.room_id or ""),
        "track": str(session.track_id or ""),
        "speakers": [str(one.id) for one in session.speakers],
        "version": str(session.version),
    }


def _fold(session: AgendaSession, name: str) -> str | None:
    try:
        time_zones.to_utc(getattr(session, f"{name}_wall"), session.zone)
    except time_zones.AmbiguousTime as doubled:
        return str(doubled.moments.index(getattr(session, f"{name}_at")))
    return None


def _room_words(room: Room) -> str:
    return (
        room.name
        if room.capacity is None
        else ngettext(
            "%(room)s · %(num)s seat",
            "%(room)s · %(num)s seats",
            room.capacity,
            room=room.name,
        )
    )


def _id(value: Any) -> UUID | None:
    return UUID(value) if value else None
