"""How many people from outside a group would lose their places if its events were for its
members alone.
"""

import sqlalchemy as sa

from ...core import clock
from ...core.extensions import db
from ...groups.models import Group
from ..audience import is_outsider
from ..models import Event, Rsvp


def outsiders_of(event: Event) -> int:
    """How many from outside its group have answered the event and would lose their place if it
    were for the group alone.
    """
    return _outsiders(Event.id == event.id)


def outsiders_at(group: Group) -> int:
    """How many people from outside have answered a coming event of the group, and would lose
    their places if it closed.
    """
    return _outsiders(
        Event.group_id == group.id, Event.starts_at > clock.now(), Event.deleted_at.is_(None)
    )


def _outsiders(*which: sa.ColumnElement[bool]) -> int:
    people = sa.func.coalesce(Rsvp.user_id, Rsvp.guest_id)
    counted = (
        sa.select(sa.func.count(sa.distinct(people)))
        .select_from(Rsvp)
        .join(Event, Event.id == Rsvp.event_id)
    )
    return db.session.scalar(counted.where(*which, is_outsider())) or 0
