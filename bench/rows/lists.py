"""The list of events: its first page, a page far from the beginning, and searches."""

from datetime import UTC, datetime

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.events.models import Event

from ..bench import Bench, Place
from ..data import events
from ..load import Failed
from ..results import Result
from . import row
from .busy import busy
from .pages import SIGNED_IN, VISITOR

#: Events per page, and the number of the page far from the beginning.
EACH, FAR = 20, 2000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def far_behind(place: Place) -> str:
    """Return the path of page FAR, which begins after the last event of the page before."""
    coming = Event.starts_at > datetime.now(UTC), Event.audience == "everyone"
    wanted = sa.select(Event.starts_at, Event.id).where(*coming).order_by(Event.starts_at, Event.id)
    with place.site.app.app_context():
        found = db.session.execute(wanted.offset((FAR - 1) * EACH - 1).limit(1)).one_or_none()
    if found is None:
        raise Failed(f"there are no {FAR} pages")
    moment = found.starts_at - _EPOCH
    return f"/events?after={(moment.days * 86_400 + moment.seconds) * 1_000_000 + moment.microseconds}-{found.id}"  # noqa: E501


@row("event list, visitor", VISITOR)
def first(bench: Bench) -> Result:
    """The first twenty upcoming events."""
    return bench.page(bench.large, "/events", "/events/event-")


busy("event list, visitor", "/events")


@row("event list, signed in", *SIGNED_IN)
def first_signed_in(bench: Bench) -> Result:
    """The same with events that only the reader's groups may see."""
    return bench.page(bench.large, "/events", "/events/event-", bench.large.reader)


@row("event list, page 2,000, signed in", *SIGNED_IN)
def far(bench: Bench) -> Result:
    """After almost 40,000 events."""
    return bench.page(bench.large, far_behind(bench.large), "/events/event-", bench.large.reader)


@row("event list, search, signed in")
def search(bench: Bench) -> Result:
    """A word of one event in thirteen."""
    return bench.page(
        bench.large, f"/events?words={events.COMMON}", events.COMMON, bench.large.reader
    )


@row("event list, rare search, signed in")
def rare(bench: Bench) -> Result:
    """A word of three events."""
    return bench.page(bench.large, f"/events?words={events.RARE}", events.RARE, bench.large.reader)
