"""Check-in: let attendees in and out, and undo mistakes.

Everything here runs under the event's lock. If two hosts scan one ticket, one lets the party in and
the other learns when that happened and by whom. A party has one ticket; the host enters how many of
its people are here. See `decisions/0034`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext
from sqlalchemy.orm import joinedload

from ..accounts.models import User
from ..core import i18n
from ..core.db.base import new_id
from ..core.db.session import POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.time import clock
from ..events import access, notices
from ..events.models import ASKED, GOING, MAYBE, OFFERED, REFUSED, WAITING, Event, Rsvp
from . import rsvps, ticket_codes
from .attendee_filter import CHECK_IN_OPENS
from .models import Attendance, CheckInEvent

#: Hosts enter paper lists after the end.
CLOSES = timedelta(days=7)


def closed_because(event: Event) -> str | None:
    """Return why check-in is closed, as a sentence; None while it is open.

    A locked event has check-in like any other.
    """
    if event.is_cancelled:
        return _("This event was cancelled, so there’s no check-in.")
    if not event.is_published or event.deleted_at is not None:
        return _("This event isn’t published, so no one has a ticket.")
    if clock.now() < event.starts_at - CHECK_IN_OPENS:
        opens = i18n.moment(event.starts_at - CHECK_IN_OPENS, event.zone)
        return _(
            "It’s too early. Check-in opens a day before the start: %(moment)s.",
            moment=opens,
        )
    if clock.now() > event.ends_at + CLOSES:
        return _("The event ended more than a week ago, so check-in is closed.")
    return None


def find_ticket(event: Event, typed: str, by: User) -> Rsvp:
    """Return the answer with this ticket.

    Raises UserError if the text isn't a code or the ticket is for another event.
    """
    code = ticket_codes.read(typed)
    if code is None:
        raise UserError(
            _("A code has eight characters, such as 3F9A-K7QM. Check it, or search by name."),
            "code",
        )
    row = _with_code(code)
    if row is None:
        raise UserError(_("No ticket has this code. Check it, or search by name."), "code")
    if row.event_id == event.id:
        return row
    if access.may_see(by, row.event):
        raise UserError(
            _("This ticket is for another event: “%(title)s”.", title=row.event.title), "code"
        )
    raise UserError(_("This ticket is for another event."), "code")


def _with_code(code: str) -> Rsvp | None:
    """Return the answer with this code, at any event. Several tickets may share the stored
    number.
    """
    numbered = sa.select(Rsvp).where(Rsvp.ticket == ticket_codes.id_suffix(code))
    rows = db.session.scalars(numbered)
    return next((row for row in rows if ticket_codes.is_code_of(code, row)), None)


def arrive(
    event: Event,
    row_id: UUID,
    by: User,
    people: int = 1,
    seen: int | None = None,
    id: UUID | None = None,
) -> Attendance:
    """Check in `people` more of the party.

    Raises UserError if they aren't expected. Raises Conflict if fewer are still outside, or if the
    number inside differs from `seen`: someone else was faster. Its message says since when the
    others are in and who let them in.
    """
    event, row = _held(event, row_id)
    if row.state != GOING:
        raise UserError(why_unexpected(row))
    visit = attendance_of(row)
    if people > outside_count(row, visit) or _has_changed(visit, seen):
        raise Conflict(already_inside(event, row, visit))
    now = clock.now()
    if visit is None:
        visit = Attendance(
            rsvp_id=row.id,
            event_id=event.id,
            arrived=people,
            inside=people,
            first_at=now,
            last_at=now,
        )
        db.session.add(visit)
    else:
        visit.inside += people
        visit.arrived, visit.last_at = max(visit.arrived, visit.inside), now
    _note(event, row, by, people, is_in=True, moment=now, id=id)
    return visit


def leave(
    event: Event,
    row_id: UUID,
    by: User,
    people: int = 1,
    seen: int | None = None,
    id: UUID | None = None,
) -> Attendance:
    """Check out `people` of the party, who may come back.

    Raises Conflict if fewer are inside, or if the number inside differs from `seen`.
    """
    event, row = _held(event, row_id)
    visit = attendance_of(row)
    if visit is None or people > visit.inside or _has_changed(visit, seen):
        raise Conflict(already_outside(event, row, visit))
    visit.inside -= people
    visit.last_at = now = clock.now()
    _note(event, row, by, people, is_in=False, moment=now, id=id)
    return visit


def undo(event: Event, row_id: UUID, step_id: UUID) -> None:
    """Undo the party's last check-in event. A second call with the same step does nothing.

    Raises Conflict if another step is the last.
    """
    event, row = _held(event, row_id)
    steps, undone = events_of(row), db.session.get(CheckInEvent, step_id)
    if undone is not None and undone.rsvp_id == row.id and undone.undone_at is not None:
        return
    if not steps or steps[-1].id != step_id:
        raise Conflict(_("Someone else has just changed this. Check it, then try again."))
    steps[-1].undone_at = clock.now()
    _settle(row, steps[:-1])
    notices.signal_check_in(event)


def _settle(row: Rsvp, steps: Sequence[CheckInEvent]) -> None:
    """Recompute from these steps how many came and how many are inside."""
    came = inside = 0
    for step in steps:
        inside += step.people if step.is_in else -step.people
        came = max(came, inside)
    visit = attendance_of(row)
    if visit is not None and not came:
        db.session.delete(visit)
    elif visit is not None:
        visit.arrived, visit.inside, visit.last_at = came, inside, steps[-1].created_at
    db.session.flush()


def _held(event: Event, row_id: UUID) -> tuple[Event, Rsvp]:
    """Lock the event and reload the answer.

    Raises UserError while check-in is closed.
    """
    event = locked(Event, event.id)
    closed = closed_because(event)
    if closed:
        raise UserError(closed)
    return event, rsvps.with_id(event, row_id)


def _note(
    event: Event, row: Rsvp, by: User, people: int, is_in: bool, moment: datetime, id: UUID | None
) -> None:
    of = {"event_id": event.id, "rsvp_id": row.id, "by_id": by.id}
    db.session.add(
        CheckInEvent(id=id or new_id(), **of, people=people, is_in=is_in, created_at=moment)
    )
    db.session.flush()
    notices.signal_check_in(event)


def attendance_of(row: Rsvp) -> Attendance | None:
    """Return the party's attendance, reloaded from the database."""
    return db.session.get(Attendance, row.id, populate_existing=True)


def _has_changed(visit: Attendance | None, seen: int | None) -> bool:
    """Whether the number inside has changed since the person who pressed the button saw it."""
    return seen is not None and seen != (visit.inside if visit is not None else 0)


def outside_count(row: Rsvp, visit: Attendance | None) -> int:
    """Return how many of the party can still be let in."""
    return max(0, row.party - (visit.inside if visit is not None else 0))


def events_of(row: Rsvp) -> Sequence[CheckInEvent]:
    """Return the party's check-in events in order, without those that were undone."""
    query = sa.select(CheckInEvent).where(
        CheckInEvent.rsvp_id == row.id, CheckInEvent.undone_at.is_(None)
    )
    query = query.options(joinedload(CheckInEvent.by)).order_by(
        CheckInEvent.created_at, CheckInEvent.id
    )
    return db.session.scalars(query, execution_options=POPULATE_EXISTING).all()


def last_event(row: Rsvp) -> CheckInEvent | None:
    """Return the party's latest check-in event."""
    return next(reversed(events_of(row)), None)


def already_inside(event: Event, row: Rsvp, visit: Attendance | None) -> str:
    """Say when the party came in, who let it in, and how many of it are still outside."""
    name, step = (
        row.who.name,
        next((step for step in reversed(events_of(row)) if step.is_in), None),
    )
    if step is None:
        return ngettext(
            "%(name)s has one seat.", "%(name)s has %(num)s seats.", row.party, name=name
        )
    values = {
        "name": name,
        "when": _when(event, step),
        "host": step.by.name if step.by is not None else _("a host"),
    }
    left = outside_count(row, visit)
    if not left and row.party == 1:
        return _("%(name)s is already checked in (%(when)s, by %(host)s).", **values)
    if not left:
        return _(
            "%(name)s and their plus-ones are already checked in (%(when)s, by %(host)s).",
            **values,
        )
    inside = row.party - left
    came = ngettext("%(num)s of them checked in", "%(num)s of them checked in", inside)
    more = ngettext("%(num)s more can check in.", "%(num)s more can check in.", left)
    return _(
        "%(name)s: %(came)s (last: %(when)s, by %(host)s). %(more)s",
        came=came,
        more=more,
        **values,
    )


def already_outside(event: Event, row: Rsvp, visit: Attendance | None) -> str:
    """Say that fewer are inside than should be checked out."""
    if visit is None:
        return _("%(name)s hasn’t checked in yet.", name=row.who.name)
    if visit.inside:
        return ngettext(
            "%(name)s: only one of them is checked in.",
            "%(name)s: only %(num)s of them are checked in.",
            visit.inside,
            name=row.who.name,
        )
    step = events_of(row)[-1]
    host = step.by.name if step.by is not None else _("a host")
    return _(
        "%(name)s was checked out (%(when)s, by %(host)s).",
        name=row.who.name,
        when=_when(event, step),
        host=host,
    )


def _when(event: Event, step: CheckInEvent) -> str:
    """The time of day, with the date if it wasn't today."""
    here = (step.created_at, clock.now())
    same = i18n.day(here[0], event.zone) == i18n.day(here[1], event.zone)
    return i18n.clock_time(here[0], event.zone) if same else i18n.moment(here[0], event.zone)


def why_unexpected(row: Rsvp) -> str:
    """Explain to the person who checks in why someone who isn't going has no seat."""
    name = row.who.name
    return {
        WAITING: _("%(name)s is on the waiting list and doesn’t have a seat yet.", name=name),
        OFFERED: _("A seat is held for %(name)s, who hasn’t accepted it yet.", name=name),
        ASKED: _("%(name)s requested to join, and the hosts haven’t answered yet.", name=name),
        REFUSED: _("The hosts declined %(name)s’s request.", name=name),
        MAYBE: _("%(name)s answered “Maybe”, which doesn’t hold a seat.", name=name),
    }.get(
        row.state,
        _("%(name)s isn’t going and no longer has a seat.", name=name),
    )
