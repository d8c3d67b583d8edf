"""What is erased from agendas with an account, or with an event."""

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.extensions import db
from ..core.storage import pictures
from ..events.models import GOING, Event
from .models import AgendaSession, Booking, Room, Speaker, Track


def erase(user: User) -> None:
    """Anonymize the person's seats and speaker entries; delete bookings without seats."""
    db.session.execute(sa.delete(Booking).where(Booking.user_id == user.id, Booking.state != GOING))
    for speaker in db.session.scalars(sa.select(Speaker).where(Speaker.user_id == user.id)):
        pictures.drop(pictures.AVATAR, speaker.picture)
        speaker.user_id = speaker.picture = None
        speaker.name, speaker.bio, speaker.links = _("Former member"), "", []


def empty(event: Event) -> None:
    """Delete the event's agenda."""
    event.agenda_published_at = None
    for model in (AgendaSession, Speaker, Room, Track):
        db.session.execute(sa.delete(model).where(model.event_id == event.id))
