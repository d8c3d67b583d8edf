"""Helpers for tests of events."""

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.events.models import (
    CHOICE,
    FREE,
    GOING,
    OFFERED,
    TEXT,
    WAITING,
    EventOption,
    EventQuestion,
    Rsvp,
)


def rows_of(event):
    """Return the event's answers from the database."""
    db.session.flush()
    found = sa.select(Rsvp).where(Rsvp.event_id == event.id).order_by(Rsvp.position)
    return db.session.scalars(found, execution_options={"populate_existing": True}).all()


def counted(event):
    """Assert that the event's counters match its rows."""
    rows = rows_of(event)
    agrees(event, rows)
    for option in options_of(event):
        having = [row for row in rows if row.state in (GOING, OFFERED) and option in row.picks]
        assert option.taken == sum(row.party for row in having), option.label
    return rows


def agrees(counted, rows):
    """Assert that the counters of an event or a session match its rows, and that no two have the
    same position.
    """
    assert counted.seats_taken == sum(row.party for row in rows if row.state in (GOING, OFFERED))
    waiting = [row for row in rows if row.state == WAITING or row.seats_waiting > 0]
    assert counted.waiting_count == len(waiting)
    places = [row.position for row in rows if row.position is not None]
    assert len(set(places)) == len(places)
    assert not places or max(places) <= counted.last_position


def options_of(event):
    """Return the event's ticket kinds and choices from the database."""
    found = (
        sa.select(EventOption)
        .where(EventOption.event_id == event.id)
        .order_by(EventOption.position)
    )
    return db.session.scalars(found, execution_options={"populate_existing": True}).all()


def ticket(event, label="Full", capacity=None, **values):
    """Add a ticket kind to the event, and commit."""
    values = {"price": FREE, "position": len(options_of(event)) + 1, "taken": 0, **values}
    option = EventOption(event_id=event.id, label=label, capacity=capacity, **values)
    event.has_registration_form = True
    db.session.add(option)
    db.session.commit()
    return option


def question(event, words="What do you eat?", kind=TEXT, is_required=False, **choices):
    """Add a question with choices and their capacities to the event, and commit.

    Return the question, and the choices by name.
    """
    place = db.session.query(EventQuestion).filter_by(event_id=event.id).count() + 1
    one = EventQuestion(
        event_id=event.id,
        text=words,
        kind=CHOICE if choices else kind,
        is_required=is_required,
        position=place,
    )
    event.has_registration_form = True
    db.session.add(one)
    db.session.flush()
    made = {}
    for number, (name, places) in enumerate(choices.items(), 1):
        made[name] = EventOption(
            event_id=event.id,
            question_id=one.id,
            position=number,
            label=name,
            capacity=places,
            taken=0,
        )
    db.session.add_all(made.values())
    db.session.commit()
    return one, made
