"""The agenda's texts in a report about its event."""

import sqlalchemy as sa

from ..core.extensions import db
from ..events.models import Event
from ..moderation.reportable_types import paragraphs
from .models import AgendaSession, Room, Speaker, Track
from .speakers import speakers_of


def words_of(event: Event) -> list[str]:
    """Return the texts of sessions, rooms, tracks, and speakers without an account; none while the
    agenda is unpublished.
    """
    if event.agenda_published_at is None:
        return []
    sessions = sa.select(AgendaSession).where(AgendaSession.event_id == event.id)
    texts = []
    for one in db.session.scalars(sessions.order_by(AgendaSession.starts_at, AgendaSession.id)):
        texts += [one.title, one.description, one.cancelled_reason]
    for model in (Room, Track):
        names = sa.select(model.name).where(model.event_id == event.id)
        texts += db.session.scalars(names.order_by(model.name))
    return texts + [_spoken(speaker) for speaker in speakers_of(event) if speaker.user_id is None]


def words_of_speakers(event: Event) -> dict[str, str]:
    """Return what speakers with an account say about themselves, by user id."""
    if event.agenda_published_at is None:
        return {}
    members = [speaker for speaker in speakers_of(event) if speaker.user_id is not None]
    return {str(speaker.user_id): _spoken(speaker) for speaker in members}


def _spoken(speaker: Speaker) -> str:
    return paragraphs(speaker.name, speaker.bio, "\n".join(speaker.links))
