"""What of agendas is erased with a person, or with an event."""

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.extensions import db
from ..core.storage import pictures
from ..events.models import GOING, Event
from .models import AgendaSession, Booking, Room, Speaker, Track


def erase(user: User) -> None:
    """Seats in what took place count without a name, and someone without a name has spoken."""
    db.session.execute(sa.delete(Booking).where(Booking.user_id == user.id, Booking.state != GOING))
    for speaker in db.session.scalars(sa.select(Speaker).where(Speaker.user_id == user.id)):
        pictures.drop(pictures.AVATAR, speaker.picture)
        speaker.user_id = speaker.picture = None
        speaker.name, speaker.bio, speaker.links = _("Former member"), "", []


def empty(event: Event) -> None:
    """The event has no agenda."""
    event.agenda_published_at = None
    for model in (AgendaSession, Speaker, Room, Track):
        db.session.execute(sa.delete(model).where(model.event_id == event.id))
