"""The state of an event for its hosts: answers by state, the waiting list's needs, and its log."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ...core.extensions import db
from ...core.http.pages import Page
from ...events.audience import CONCERNED
from ...events.models import (
    ASKED,
    GOING,
    MAYBE,
    NOT_GOING,
    OFFERED,
    WAITING,
    Event,
    Rsvp,
    WaitlistStep,
)
from ...events.status import has_taken_place
from .. import attendee_filter
from . import check_in
from .answers import waitlist_steps

STEPS_EACH = 50


class EventFigures(NamedTuple):
    """Parties and people by state; the smallest waiting party, and when the first offer ends."""

    parties: dict[str, int]
    people: dict[str, int]
    smallest_waiting: int | None
    first_offer_ends: datetime | None

    @property
    def seats(self) -> int:
        """Return how many are going or have seats held for them."""
        return self.people.get(GOING, 0) + self.people.get(OFFERED, 0)

    @property
    def answered(self) -> int:
        """Return how many parties are going, answered Maybe, are waiting, or requested to join."""
        return sum(self.parties.get(state, 0) for state in CONCERNED)


def status_of(event: Event) -> EventFigures:
    """Return the current figures. One statement, which counts in an index."""
    here = Rsvp.event_id == event.id
    smallest = sa.select(sa.func.min(Rsvp.party)).where(
        here, Rsvp.state == WAITING, Rsvp.declined_offer.is_(False)
    )
    ends = sa.select(sa.func.min(Rsvp.offered_until)).where(here, Rsvp.state == OFFERED)
    counted: list[Any] = [
        Rsvp.state,
        sa.func.count().label("parties"),
        sa.func.sum(Rsvp.party).label("people"),
    ]
    extra = [smallest.scalar_subquery().label("smallest"), ends.scalar_subquery().label("ends")]
    rows = db.session.execute(sa.select(*counted, *extra).where(here).group_by(Rsvp.state)).all()
    parties = {row.state: row.parties for row in rows}
    people = {row.state: int(row.people) for row in rows}
    first = rows[0] if rows else None
    return EventFigures(
        parties, people, first.smallest if first else None, first.ends if first else None
    )


def log_of(event: Event, number: int = 1, size: int = STEPS_EACH) -> Page:
    """Return a page of the waiting list's log, latest first, with people.

    Two statements. Steps are numbered, so the page needs no offset.
    """
    last = (
        db.session.scalar(
            sa.select(sa.func.max(WaitlistStep.number)).where(WaitlistStep.event_id == event.id)
        )
        or 0
    )
    until = last - (number - 1) * size
    return Page(waitlist_steps(event, size, until) if until > 0 else [], last, number, size)


#: Label, number, and a remark on it.
Stat = tuple[str, int, str]


def stats_of(event: Event, figures: EventFigures) -> list[Stat]:
    """Return how many are going, or attended, and the other states that aren't empty."""
    if has_taken_place(event):
        return _stats_afterwards(event, figures)
    going = figures.people.get(GOING, 0)
    found: list[Stat] = [(_("Going"), going, _in_parties(figures.parties.get(GOING, 0), going))]
    others = {
        OFFERED: (_("Offered seats"), _("held until they reply")),
        WAITING: (_("Waiting list"), ""),
        ASKED: (_("Requests"), _("no seat until a host approves")),
        MAYBE: (_("Maybe"), _("no seat held")),
        NOT_GOING: (_("Can’t go"), ""),
    }
    for state, (label, words) in others.items():
        people, parties = figures.people.get(state, 0), figures.parties.get(state, 0)
        if parties or state == MAYBE or (state == WAITING and event.capacity is not None):
            found.append(
                (label, people, words if parties and words else _in_parties(parties, people))
            )
    return found


def _stats_afterwards(event: Event, figures: EventFigures) -> list[Stat]:
    """Return how many attended, if anyone was checked in. Waiting and Maybe no longer count."""
    count = check_in_count(event)
    if count is None:
        return [
            (
                _("Were going"),
                figures.people.get(GOING, 0),
                _("no one was checked in, so we don’t know who came"),
            )
        ]
    went = ngettext("of %(num)s who was going", "of %(num)s who were going", count.expected)
    return [(_("Attended"), count.arrived, went), (_("Didn’t attend"), count.absent, "")]


def check_in_count(event: Event) -> check_in.CheckInCount | None:
    """Return the counts of check-in; None if nobody was checked in."""
    return check_in.count_of(event) if attendee_filter.had_check_in(event) else None


def ended_in_words(event: Event, count: check_in.CheckInCount | None) -> str:
    """Return “2 people came. 3 were going.” for those who may know who came, else “3 people were
    going.”

    "" before the end.
    """
    if not has_taken_place(event):
        return ""
    if count is not None:
        came = ngettext("%(num)s person came.", "%(num)s people came.", count.arrived)
        return came + " " + ngettext("%(num)s was going.", "%(num)s were going.", count.expected)
    return ngettext("%(num)s person was going.", "%(num)s people were going.", event.seats_taken)


def _in_parties(parties: int, people: int) -> str:
    """Return the number of answers, but only if some include plus-ones."""
    return ngettext("1 answer", "%(num)d answers", parties) if parties != people else ""
