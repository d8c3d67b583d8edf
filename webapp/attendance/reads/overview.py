"""The state of an event for its hosts: answers by state, the waiting list's needs, and its log."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ...core.extensions import db
from ...core.http.pages import Page
from ...events.audience import CONCERNED
from ...events.models import GOING, OFFERED, WAITING, Event, Rsvp, WaitlistStep, on_waitlist
from .. import attendee_filter
from . import check_in
from .answers import waitlist_steps

STEPS_EACH = 50
#: Tabs of people who have seats, or are offered them.
SEATED_TABS = ("going", "offered")


class TabCount(NamedTuple):
    """How many answers are under a tab of the attendees, and how many people are in them."""

    tab: str
    answers: int
    people: int

    @property
    def shown(self) -> int:
        """Return the number that has the tab's name on all pages: people who have or are offered
        seats, otherwise answers, as on the numbered waiting list.
        """
        return self.people if self.tab in SEATED_TABS else self.answers

    @property
    def remark(self) -> str:
        """Return the other number, with its name, if it differs."""
        if self.answers == self.people:
            return ""
        if self.tab in SEATED_TABS:
            return ngettext("1 answer", "%(num)d answers", self.answers)
        return ngettext("%(num)d person", "%(num)d people", self.people)


class WaitingForMore(NamedTuple):
    """Parties that are going and wait for further seats, and how many seats."""

    parties: int
    seats: int


class EventFigures(NamedTuple):
    """Parties and people by state; who waits for more seats; the smallest waiting party, and when
    the first offer ends.
    """

    parties: dict[str, int]
    people: dict[str, int]
    waiting_for_more: WaitingForMore
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

    @property
    def tabs(self) -> dict[str, TabCount]:
        """Return the counts of each of `attendee_filter.TABS`."""
        found = {}
        for tab, states in attendee_filter.TABS.items():
            answers, people = self.waiting_for_more if tab == "waitlist" else (0, 0)
            answers += sum(self.parties.get(state, 0) for state in states)
            people += sum(self.people.get(state, 0) for state in states)
            found[tab] = TabCount(tab, answers, people)
        return found


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
    more = (here, on_waitlist(), Rsvp.state == GOING)
    more_parties = sa.select(sa.func.count()).where(*more)
    more_seats = sa.select(sa.func.sum(Rsvp.seats_waiting)).where(*more)
    extra = [
        more_parties.scalar_subquery().label("more_parties"),
        more_seats.scalar_subquery().label("more_seats"),
        smallest.scalar_subquery().label("smallest"),
        ends.scalar_subquery().label("ends"),
    ]
    rows = db.session.execute(sa.select(*counted, *extra).where(here).group_by(Rsvp.state)).all()
    parties = {row.state: row.parties for row in rows}
    people = {row.state: int(row.people) for row in rows}
    if not rows:
        return EventFigures({}, {}, WaitingForMore(0, 0), None, None)
    first = rows[0]
    waiting_for_more = WaitingForMore(first.more_parties, int(first.more_seats or 0))
    return EventFigures(parties, people, waiting_for_more, first.smallest, first.ends)


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
    if event.has_taken_place:
        return _stats_afterwards(event, figures)
    always = {"going", "maybe"} | ({"waitlist"} if event.capacity is not None else set())
    meanings = {
        "offered": _("held until they reply"),
        "requests": _("no seat until a host approves"),
        "maybe": _("no seat held"),
    }
    found: list[Stat] = []
    for tab, count in figures.tabs.items():
        if count.answers or tab in always:
            meaning = meanings.get(tab, "") if count.answers else ""
            label = str(attendee_filter.TAB_NAMES[tab])
            found.append((label, count.shown, count.remark or meaning))
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
