"""Capacity of ticket types and choices, besides the event's seats.

Counted in people, under the event's lock, like seats.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ...core.db.session import POPULATE_EXISTING
from ...core.extensions import db
from ...events.models import EventOption, Rsvp, rsvp_pick


def free_in(picks: Iterable[EventOption]) -> list[int | None]:
    """Return the current free places of each option; None if unlimited."""
    return [option.free for option in _fresh(picks)]


def first_full(picks: Iterable[EventOption], people: int) -> str:
    """Return the label of the first option without space for so many people, or ""."""
    return next(
        (
            option.label
            for option in _fresh(picks)
            if option.free is not None and option.free < people
        ),
        "",
    )


def recount(before: dict[EventOption, int], after: dict[EventOption, int]) -> None:
    """Change the number of places taken in each option, from what a party held to what it holds."""
    more = {option: after.get(option, 0) - before.get(option, 0) for option in before | after}
    for people in sorted(set(more.values())):
        take([option for option in more if more[option] == people], people)


def take(picks: Iterable[EventOption], people: int) -> None:
    """Take places for so many people in each option; a negative number frees them."""
    options = list(picks)
    if not options or not people:
        return
    counted = sa.update(EventOption).where(EventOption.id.in_([option.id for option in options]))
    db.session.execute(
        counted.values(taken=EventOption.taken + people),
        execution_options={"synchronize_session": False},
    )
    for option in options:
        db.session.expire(option, ["taken"])


def is_full_for(people: Any) -> sa.ColumnElement[bool]:
    """The condition on Rsvp that one of its picks has no space for so many people."""
    mine = sa.select(rsvp_pick.c.option_id).join(
        EventOption, EventOption.id == rsvp_pick.c.option_id
    )
    too_few = sa.and_(
        EventOption.capacity.is_not(None), EventOption.taken + people > EventOption.capacity
    )
    return mine.where(rsvp_pick.c.rsvp_id == Rsvp.id, too_few).correlate(Rsvp).exists()


def _fresh(picks: Iterable[EventOption]) -> list[EventOption]:
    ids = [option.id for option in picks]
    if not ids:
        return []
    query = (
        sa.select(EventOption)
        .where(EventOption.id.in_(ids))
        .order_by(EventOption.question_id, EventOption.position)
    )
    return list(db.session.scalars(query, execution_options=POPULATE_EXISTING))
