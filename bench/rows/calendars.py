"""Calendar feeds, which calendar programs read every hour: someone with 500 upcoming events."""

from uuid import UUID

import sqlalchemy as sa

from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.calendar import subscriptions
from webapp.events.models import MAYBE, PUBLISHED, Event, Rsvp

from .. import load
from ..bench import Bench, Place, Watch
from ..data.values import row_id
from ..load import Failed
from ..results import Result, statements
from . import row

EVENTS = 500


@row("calendar feed (500 events)", statements(4))
def feed(bench: Bench) -> Result:
    """The whole calendar, for a program that doesn't have it yet."""
    place = bench.large
    path = address(place)
    found = place.look(path)[2].count("BEGIN:VEVENT")
    if found < EVENTS:
        raise Failed(f"{found} events stand in it")
    return bench.page(place, path, "BEGIN:VEVENT")


@row("calendar feed (500 events), unchanged (304)", statements(3))
def unchanged(bench: Bench) -> Result:
    """The response to a program that already has the calendar."""
    place = bench.large
    path = address(place)
    tag = place.look(path)[1].get("etag", "")
    if not tag or place.look(path, **{"If-None-Match": tag})[0] != 304:
        raise Failed("the calendar is sent again to a program that has it")
    headers, constant = place.headers(None) | {"If-None-Match": tag}, place.constant()
    load.read(place.site.address + path, headers, 1)
    watch = Watch(place.server)
    return watch.result(load.read(place.site.address + path, headers, bench.seconds), constant)


def address(place: Place) -> str:
    """Create a feed of the last person, who may attend this many events; return its path.

    Answering "Maybe" takes no seats and changes no counters.
    """
    with place.site.app.app_context():
        person = db.session.get(User, UUID(row_id("user", place.site.size.people - 1)))
        assert person is not None
        answered = sa.select(Rsvp.event_id).where(Rsvp.user_id == person.id)
        coming = (
            Event.starts_at > clock.now(),
            Event.state == PUBLISHED,
            Event.audience == "everyone",
        )
        have = (
            db.session.scalar(
                sa.select(sa.func.count()).select_from(
                    answered.where(Rsvp.state == MAYBE).subquery()
                )
            )
            or 0
        )
        wanted = (
            sa.select(Event.id)
            .where(*coming, Event.id.not_in(answered))
            .order_by(Event.starts_at)
            .limit(EVENTS - have)
        )
        for event_id in db.session.scalars(wanted).all():
            db.session.add(Rsvp(event_id=event_id, user_id=person.id, state=MAYBE))
        path = subscriptions.path(subscriptions.create(person, None))
        db.session.commit()
    return path
