"""What notifications about events ask for, as long as it is open: see `notifications.outdated`."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..core.time import clock
from ..groups.models import Group
from . import access
from .models import ASKED, GOING, MAYBE, OFFERED, PUBLISHED, Event, HostInvitation, Rsvp
from .models.event import FEEDBACK_LASTS, NONE


def shown(reader: Any, column: Any) -> sa.Select[Any]:
    """Select the column from the events that take place and that the reader may see; one of
    another table after joining it.
    """
    return (
        sa.select(column)
        .select_from(Event)
        .outerjoin(Event.group)
        .where(Event.state == PUBLISHED, access.visible_to(reader))
    )


def _answer(reader: Any, *states: str) -> sa.ColumnElement[bool]:
    """The condition that the reader has answered Event, in one of these states if any are given."""
    answers = sa.exists().where(Rsvp.event_id == Event.id, Rsvp.user_id == reader.id)
    return answers.where(Rsvp.state.in_(states)) if states else answers


def coming(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Events that aren't over."""
    return shown(reader, Event.id).where(Event.id.in_(ids), Event.ends_at > clock.now())


def attending(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Events that aren't over and that the reader goes to, or might."""
    return coming(reader, ids).where(_answer(reader, GOING, MAYBE))


def unanswered(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Events that aren't over and that the reader hasn't answered."""
    return coming(reader, ids).where(~_answer(reader))


def offered(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Events at which seats are held for the reader."""
    held = sa.and_(Rsvp.state == OFFERED, Rsvp.offered_until > clock.now())
    mine = sa.exists().where(Rsvp.event_id == Event.id, Rsvp.user_id == reader.id, held)
    return coming(reader, ids).where(mine)


def joining(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Answers that wait for a host's approval, at events that aren't over."""
    waits = (Rsvp.id.in_(ids), Rsvp.state == ASKED, Event.ends_at > clock.now())
    return shown(reader, Rsvp.id).join(Rsvp, Rsvp.event_id == Event.id).where(*waits)


def taking_feedback(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Events that take feedback now."""
    ended_after = clock.now() - FEEDBACK_LASTS
    takes = (Event.id.in_(ids), Event.feedback != NONE, Event.ends_at > ended_after)
    return shown(reader, Event.id).where(*takes)


def hosting(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Events that the reader is invited to host."""
    it = HostInvitation
    query = sa.select(it.event_id).join(Event, Event.id == it.event_id).outerjoin(Event.group)
    mine = (it.event_id.in_(ids), it.user_id == reader.id, it.expires_at > clock.now())
    return query.where(*mine, Event.deleted_at.is_(None), Group.deleted_at.is_(None))
