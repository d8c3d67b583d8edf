"""The waiting list: who gets the seats that are free, in which order, and why.

Everything here is called under the event's lock (`core.database.locked`) and keeps the event's counters equal to its
rows. The rules, in one place (docs/decisions/0002-waiting-list.md says why):

- Seats go to the first waiting party that fits. A party that does not fit is passed, and keeps its place.
- A newcomer takes seats only when nobody who waits would fit in them.
- Where hosts chose offers, seats are held for a party for 24 hours, or half of the time left when that is less. A party
  that lets its offer go stands behind all others, and is asked again when other seats come free; until then the seats
  are anyone's, and its own at a click.
- Nothing moves after the deadline, at latest after the start.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from ..core import clock
from ..core.extensions import db
from . import days, notices
from .models import GOING, OFFER, OFFERED, WAITING, Event, QueueStep, Rsvp, with_who

OFFER_LASTS = timedelta(hours=24)
#: How many waiting parties are read at once.
BATCH = 200
FRESH = {"populate_existing": True}


def is_moving(event: Event) -> bool:
    """Whether seats are still given out: published, neither locked nor past the deadline, and not put away with its group."""
    if event.group is not None and event.group.deleted_at is not None:
        return False
    is_there = event.is_published and event.deleted_at is None and event.hidden_at is None
    return is_there and event.locked_at is None and event.deadline > clock.now()


def has_room(event: Event, seats: int) -> bool:
    """Whether so many seats are free."""
    return event.seats_free is None or seats <= event.seats_free


def settle(event: Event, here: Rsvp | None = None) -> None:
    """No seat is free any more for which someone waits who fits, those of offers that ran out included.

    `here` is the answer of the person who acts now: they get seats rather than an offer of seats, and no notice.
    """
    expire(event)
    if not is_moving(event):
        return
    furthest = 0
    while event.waiting_count and (parties := _that_fit(event)):
        for row in parties:
            if has_room(event, row.party):
                furthest = row.place or 0
                _give(event, row, here)
    if furthest:
        note_passed(event, before=furthest)


def _that_fit(event: Event) -> Sequence[Rsvp]:
    """The first waiting parties that fit in what is free now, in order; those that let an offer go are not asked."""
    if event.seats_free == 0:
        return []
    fitting = _waiting(event).where(Rsvp.has_let_go.is_(False)).order_by(Rsvp.place).limit(BATCH)
    if event.seats_free is not None:
        fitting = fitting.where(Rsvp.party <= event.seats_free)
    return db.session.scalars(fitting.options(*with_who()), execution_options=FRESH).all()


def _waiting(event: Event) -> sa.Select[Rsvp]:
    return sa.select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == WAITING)


def _give(event: Event, row: Rsvp, here: Rsvp | None) -> None:
    if row is here:
        seat(event, row, "accepted")
    elif event.promotion == OFFER:
        _offer(event, row)
    else:
        seat(event, row, "promoted")
        notices.promoted(event, row)


def _offer(event: Event, row: Rsvp) -> None:
    days.turn(event)
    log(event, "offered", row)
    now = clock.now()
    event.seats_taken += row.party
    event.waiting_count -= 1
    row.state, row.offered_until = OFFERED, now + min(OFFER_LASTS, (event.deadline - now) / 2)
    notices.offered(event, row)


def seat(event: Event, row: Rsvp, step: str = "") -> None:
    """The party is going; `step` is what the log says of it, nothing for those who never waited."""
    days.turn(event)
    if step:
        log(event, step, row)
    if not row.holds_seats:
        event.seats_taken += row.party
    if row.state == WAITING:
        event.waiting_count -= 1
    _stand(row, GOING, None)


def stand_behind(event: Event, row: Rsvp, step: str) -> None:
    """The party waits behind all others; seats that it held are free."""
    days.turn(event)
    log(event, step, row)
    if row.holds_seats:
        event.seats_taken -= row.party
    if row.state != WAITING:
        event.waiting_count += 1
    event.last_place += 1
    _stand(row, WAITING, event.last_place)


def release(event: Event, row: Rsvp, state: str) -> None:
    """The party neither holds seats nor waits; its answer is `state`."""
    days.turn(event)
    if row.state == WAITING or (row.holds_seats and event.capacity is not None):
        log(event, "freed" if row.state == GOING else "left", row)
    if row.holds_seats:
        event.seats_taken -= row.party
    elif row.state == WAITING:
        event.waiting_count -= 1
    _stand(row, state, None)


def resize(event: Event, row: Rsvp, party: int) -> None:
    """The party counts so many; the seats that it holds follow."""
    days.turn(event)
    if row.state == WAITING or event.capacity is not None:
        log(event, "resized", row, party)
    if row.holds_seats:
        event.seats_taken += party - row.party
    row.party = party


def _stand(row: Rsvp, state: str, place: int | None) -> None:
    row.state, row.place, row.offered_until, row.has_let_go = state, place, None, False


def seats_came_free(event: Event) -> None:
    """Everyone who waits has a chance at the free seats, those included who let an earlier offer go."""
    if event.waiting_count:
        rested = sa.update(Rsvp).where(Rsvp.event_id == event.id, Rsvp.has_let_go.is_(True)).values(has_let_go=False)
        db.session.execute(rested, execution_options={"synchronize_session": "fetch"})
    settle(event)


def capacity_changed(event: Event) -> None:
    """The queue moved up as far as the new seats, deadline or way of promotion allow; nobody lost a seat."""
    if event.waiting_count:
        log(event, "seats")
    seats_came_free(event)
    notices.changed(event)


def expire(event: Event, now: datetime | None = None) -> None:
    """Offers that ran out are over: their parties stand behind all others, in the order in which the offers ended."""
    ended = sa.select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.offered_until <= (now or clock.now()))
    ended = ended.order_by(Rsvp.offered_until, Rsvp.place).options(*with_who())
    for row in db.session.scalars(ended, execution_options=FRESH).all():
        let_go(event, row, "expired")
        if is_moving(event):
            notices.expired(event, row)


def let_go(event: Event, row: Rsvp, step: str) -> None:
    """The seats offered are free; the party stands behind all others and is asked again when others come free."""
    stand_behind(event, row, step)
    row.has_let_go = True


def note_passed(event: Event, before: int) -> None:
    """The log says which parties were passed because they did not fit, when seats went to place `before`."""
    passed = _waiting(event).where(Rsvp.has_let_go.is_(False), Rsvp.place < before).order_by(Rsvp.place)
    for row in db.session.scalars(passed):
        log(event, "skipped", row)


def log(event: Event, step: str, row: Rsvp | None = None, party: int | None = None) -> None:
    """One more line in the event's log, with the seats that are free before the step."""
    so_far = sa.select(sa.func.coalesce(sa.func.max(QueueStep.number), 0)).where(QueueStep.event_id == event.id)
    db.session.add(
        QueueStep(
            event_id=event.id,
            number=so_far.scalar_subquery() + 1,
            user_id=row.user_id if row else None,
            guest_id=row.guest_id if row else None,
            step=step,
            party=party or (row.party if row else 0),
            seats_free=event.seats_free,
        )
    )
