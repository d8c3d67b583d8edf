"""Helpers for tests of agendas."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from tests import factories
from tests.events import agrees
from webapp.agenda import sessions
from webapp.agenda.models import AgendaSession, Booking, Room, Speaker, Track
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.events import planning
from webapp.events.event_input import COPIED, EventInput

#: In winter, when no clocks change during the event.
FIRST = datetime(2027, 2, 27, 10, 0)


def conference(owner, group=None, hours=8, zone="Europe/Lisbon", **values):
    """Create a published event of this many hours, whose agenda everyone sees."""
    starts_at = time_zones.to_utc(FIRST, zone)
    values = {
        "agenda_published_at": clock.now(),
        "max_plus_ones": 2,
        "title": "The long day",
        **values,
    }
    return factories.event(
        owner,
        group,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        zone=zone,
        **values,
    )


def room(event, name="Hall", capacity=None):
    """Add a room, and commit."""
    place = db.session.query(Room).filter_by(event_id=event.id).count() + 1
    return _kept(Room(event_id=event.id, name=name, capacity=capacity, position=place))


def track(event, name="Seeds", color="clay"):
    """Add a track, and commit."""
    return _kept(Track(event_id=event.id, name=name, color=color))


def speaker(event, name="Ifeoma Nwosu", **values):
    """Add a speaker, and commit."""
    return _kept(Speaker(event_id=event.id, name=name, **values))


def plan(title="Saving seed", at=0, lasts=45, room=None, track=None, speakers=(), **values):
    """Return a host's input for a session, `at` minutes after the event's start and `lasts` minutes
    long.
    """
    starts = FIRST + timedelta(minutes=at)
    ids = {
        "room_id": room and room.id,
        "track_id": track and track.id,
        "speaker_ids": [one.id for one in speakers],
    }
    return sessions.SessionInput(
        title=title, starts=starts, ends=starts + timedelta(minutes=lasts), **ids, **values
    )


def session(event, title="Saving seed", by=None, **values):
    """Add a session by the application's rules, and commit."""
    made = sessions.add(event, plan(title, **values), by=by or event.owner)
    db.session.commit()
    return made


def going(event, *people):
    """Let each of the people, or of the pairs (person, party), go to the event; commit."""
    for person in people:
        by, party = person if isinstance(person, tuple) else (person, 1)
        rsvps.answer(event, by=by, party=party)
    db.session.commit()


def moved(event, by, **values):
    """Move the event or change other values, keeping the rest."""
    entered = {name: getattr(event, name) for name in COPIED}
    entered |= {
        "starts": event.starts_wall,
        "ends": event.ends_wall,
        "rsvp_deadline": None,
        **values,
    }
    return planning.update(event, EventInput(**entered), by=by, version=event.version)


def bookings_of(session):
    """Return everyone's seats and positions in a session from the database."""
    db.session.flush()
    found = sa.select(Booking).where(Booking.session_id == session.id).order_by(Booking.position)
    return db.session.scalars(found, execution_options={"populate_existing": True}).all()


def counted(session):
    """Assert that the session's counters match its rows."""
    rows = bookings_of(session)
    agrees(session, rows)
    return rows


def states(session, *people):
    """Return each person's state in the session."""
    rows = {row.user_id or row.guest_id: (row.state, row.party) for row in counted(session)}
    return [rows.get(person.id) for person in people]


def sessions_of(event):
    """Return the event's sessions by their start."""
    found = (
        sa.select(AgendaSession)
        .where(AgendaSession.event_id == event.id)
        .order_by(AgendaSession.starts_at)
    )
    return db.session.scalars(found, execution_options={"populate_existing": True}).all()


def _kept(row):
    db.session.add(row)
    db.session.commit()
    return row
