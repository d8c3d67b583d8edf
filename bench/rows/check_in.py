"""Check-in at the popular event: its page, and checking people in by their tickets."""

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.attendance import ticket_codes
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import GOING, Event, Rsvp

from ..bench import Bench, Place
from ..data import events
from ..load import Failed, post
from ..results import Result, share, statements
from . import row
from .hosts import CROWD, VILLAGE, host
from .sizes import AS_FAST, compared

SAYS = "Who is here"
CAME = (
    "SELECT coalesce(sum(arrived), 0) FROM attendance JOIN event ON event.id = attendance.event_id"
    " WHERE event.slug = :slug"
)


@row("check-in page, 5,000 answers", statements(8))
def page(bench: Bench) -> Result:
    """The numbers of the popular event."""
    codes_of(bench.large)
    return bench.page(bench.large, f"{CROWD}/check-in", SAYS, host(bench.large))


@row("check-in page, 5,000 answers, not 50", AS_FAST)
def page_beside_village(bench: Bench) -> Result:
    """The same page, compared with that of an event with 50 answers."""
    here, beside = ((bench.large, f"{path}/check-in", SAYS) for path in (CROWD, VILLAGE))
    return compared(bench, here, beside, host)


@row("check-in by code, all at one event", share(0.04))
def by_code(bench: Bench) -> Result:
    """Scan one ticket after the other; check that each of these people has arrived, once."""
    place = bench.large
    codes, slug = codes_of(place), events.slug_of(events.CROWD)
    before = place.site.ask(CAME, slug=slug)
    result, sent = bench.changes(place, scans(place, codes))
    came = place.site.ask(CAME, slug=slug) - before
    if came != sent:
        raise Failed(f"{sent} tickets were read, {came} people came")
    result.note = f"{sent} checked in, each once"
    return result


def scans(place: Place, codes: list[str]) -> Iterator[bytes]:
    """Yield each code once, sent by the same host."""
    visitor = host(place)
    headers = place.headers(visitor)
    for code in codes:
        yield post(f"{CROWD}/check-in", f"csrf_token={visitor.csrf}&code={code}", headers)


def codes_of(place: Place) -> list[str]:
    """Open check-in; return the codes of those who are going and haven't arrived."""
    with place.site.app.app_context():
        event = db.session.scalar(
            sa.select(Event).where(Event.slug == events.slug_of(events.CROWD))
        )
        assert event is not None
        event.starts_at = min(event.starts_at, clock.now() + timedelta(minutes=30))
        event.rescheduled_at = clock.now()  # too late for reminders, which would be 4,000 emails
        going = (
            sa.select(Rsvp)
            .where(Rsvp.event_id == event.id, Rsvp.state == GOING)
            .options(joinedload(Rsvp.attendance))
        )
        rows = db.session.scalars(going).all()
        for one in rows:
            one.ticket = one.id.hex[-4:]
        codes = [ticket_codes.code_of(one.id) for one in rows if one.attendance is None]
        db.session.commit()
        return codes
