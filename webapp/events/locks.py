"""Locks on many events."""

from collections.abc import Sequence

import sqlalchemy as sa

from ..core.database import FRESH
from ..core.extensions import db
from .models import Event


def locked_in_order(*which: sa.ColumnElement[bool]) -> Sequence[Event]:
    """The events, fresh and under their locks, taken in one order by everyone: two who lock never
    wait for each other.

    All, not only those with an answer: one that is just being given would be missed.
    """
    chosen = sa.select(Event).where(*which).order_by(Event.id).with_for_update(of=Event)
    return db.session.scalars(chosen, execution_options=FRESH).all()
